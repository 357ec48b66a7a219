using System.Text;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Keys;
using Stoa.Gateway.Quotas;

namespace Stoa.Gateway.Mcp;

/// <summary>
/// Cuts a caller's list of tools into pages. A cursor is the name after which the next page starts, signed for the caller's tenant: it
/// survives changes of the list and other instances, and nobody can make one up.
/// </summary>
internal sealed class ToolPages(Signer signer)
{
    public const int PageSize = 100;

    private const string Purpose = "mcp.tools.cursor";

    private static readonly ToolPage Empty = new([]);

    /// <summary>The page and the cursor of the next; null, and the call refused, when the cursor is not one of ours.</summary>
    public async ValueTask<(ToolPage Page, string? Next)?> ReadAsync(Call call, string? cursor, CancellationToken ct)
    {
        var caller = call.Caller;
        var listing = ToolListing.Of(caller.Revision!);
        if (cursor is null && ReferenceEquals(PlanView.ToolsOf(caller), NameFilter.All))
        {
            return listing.Pages is [var first, ..] ? (first, listing.Pages.Count > 1 ? await CursorAfterAsync(caller, first.Entries[^1], ct) : null) : (Empty, null);
        }

        if ((cursor is null ? "" : await OpenAsync(caller, cursor, ct)) is { } after)
        {
            return await FilterAsync(caller, listing, after, ct);
        }

        call.Refusal = new(RefusalKind.MalformedRequest, "The cursor is not one of this list. Start again without a cursor.");
        return null;
    }

    private async ValueTask<(ToolPage Page, string? Next)> FilterAsync(Caller caller, ToolListing listing, string after, CancellationToken ct)
    {
        var tools = PlanView.ToolsOf(caller);
        var entries = new List<ToolEntry>(PageSize);
        foreach (var entry in listing.InOrder)
        {
            if (string.CompareOrdinal(entry.Name, after) <= 0 || !tools.Allows(entry.Name))
            {
                continue;
            }

            if (entries.Count == PageSize)
            {
                return (new(entries), await CursorAfterAsync(caller, entries[^1], ct));
            }

            entries.Add(entry);
        }

        return (new(entries), null);
    }

    private ValueTask<string> CursorAfterAsync(Caller caller, ToolEntry last, CancellationToken ct) =>
        signer.SignAsync(Purpose, Encoding.UTF8.GetBytes($"{caller.Tenant}\n{last.Name}"), ct);

    private async ValueTask<string?> OpenAsync(Caller caller, string cursor, CancellationToken ct)
    {
        if (cursor.Length > 512 || await signer.OpenAsync(Purpose, cursor, ct) is not { } payload)
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(payload.Span);
        var tenant = caller.Tenant.ToString();
        return text.StartsWith(tenant, StringComparison.Ordinal) && text.Length > tenant.Length && text[tenant.Length] == '\n' ? text[(tenant.Length + 1)..] : null;
    }
}
