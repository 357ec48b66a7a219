using System.Text;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Keys;

namespace Stoa.Gateway.Mcp;

/// <summary>
/// Cuts a caller's list of tools into pages. A cursor is the name after which the next page starts, signed for the caller's tenant: it
/// survives changes of the list and other instances, and nobody can make one up.
/// </summary>
internal sealed class ToolPages(Signer signer)
{
    public const int PageSize = 100;

    private const string Purpose = "mcp.tools.cursor";

    /// <summary>The page and the cursor of the next, or null when the cursor is not one of ours.</summary>
    public async ValueTask<(IReadOnlyList<ToolEntry> Page, string? Next)?> ReadAsync(Caller caller, string? cursor, CancellationToken ct)
    {
        var after = cursor is null ? "" : await OpenAsync(caller, cursor, ct);
        if (after is null)
        {
            return null;
        }

        var page = new List<ToolEntry>(PageSize);
        foreach (var entry in ToolListing.Of(caller.Revision!).InOrder)
        {
            if (string.CompareOrdinal(entry.Name, after) <= 0 || !caller.Tools.Allows(entry.Name))
            {
                continue;
            }

            if (page.Count == PageSize)
            {
                return (page, await signer.SignAsync(Purpose, Encoding.UTF8.GetBytes($"{caller.Tenant}\n{page[^1].Name}"), ct));
            }

            page.Add(entry);
        }

        return (page, null);
    }

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
