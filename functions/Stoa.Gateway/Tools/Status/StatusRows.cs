using System.Text.Json;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Storage;

namespace Stoa.Gateway.Tools.Status;

/// <summary>Statuses in table <c>StoaToolStatus</c>: partition = tenant, row = tool. A damaged row is as good as none.</summary>
internal sealed class StatusRows(IRowStore rows)
{
    public const string Table = "StoaToolStatus";

    /// <summary>The row of the tool's name, whichever incarnation it is about, with its version; null when there is none.</summary>
    public async ValueTask<(StatusRow? Row, ETag ETag)?> ReadAsync(TenantId tenant, string tool, CancellationToken ct) =>
        await rows.GetAsync(Table, tenant.ToString(), tool, ct) is { } row ? (Parse(row), row.ETag) : null;

    /// <summary>The rows of these tools and those between them in one reading, by name. The names are in ordinal order.</summary>
    public async ValueTask<Dictionary<string, StatusRow>> ReadAsync(TenantId tenant, IReadOnlyList<string> tools, CancellationToken ct)
    {
        // '!' sorts before every character of a tool's name, so the range ends with the last one.
        var range = new RowRange(tenant.ToString(), tools[0], tools[^1] + '!');
        var found = new Dictionary<string, StatusRow>(StringComparer.Ordinal);
        string? continuation = null;
        do
        {
            var page = await rows.ListAsync(Table, range, RowLimits.MaxPage, continuation, ct);
            foreach (var row in page.Rows)
            {
                if (Parse(row) is { } status)
                {
                    found[row.Key] = status;
                }
            }

            continuation = page.Continuation;
        }
        while (continuation is not null);

        return found;
    }

    /// <summary>Inserts, or replaces the version given.</summary>
    public ValueTask<WriteResult> WriteAsync(TenantId tenant, string tool, StatusRow status, ETag? expected, CancellationToken ct)
    {
        var value = JsonSerializer.SerializeToUtf8Bytes(status, StatusJson.Default.StatusRow);
        return rows.WriteAsync(
            Table,
            expected is { } version ? RowChange.Replace(tenant.ToString(), tool, value, version) : RowChange.Insert(tenant.ToString(), tool, value),
            ct);
    }

    public static StatusRow? Parse(Row row)
    {
        try
        {
            return JsonSerializer.Deserialize(row.Value.Span, StatusJson.Default.StatusRow);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
