using System.Text;
using Stoa.Gateway.Storage;

namespace Stoa.Contracts.Tests.Storage;

/// <summary>
/// Two counters that only ever change together, in one batch with a row that the next batch deletes: a batch applied in part shows.
/// </summary>
internal static class TwinRows
{
    private const string Table = "twins";

    public static async Task<int> StepAsync(IRowStore rows, CancellationToken ct)
    {
        var count = await CountAsync(rows, ct);
        var next = Encoding.UTF8.GetBytes($"{count + 1}");
        var (left, right) = (await rows.GetAsync(Table, "p", "left", ct), await rows.GetAsync(Table, "p", "right", ct));
        var batch = await rows.WriteAsync(Table, left is null || right is null
            ?
            [
                RowChange.Insert("p", "left", next),
                RowChange.Insert("p", "right", next),
                RowChange.Insert("p", $"mark{count + 1}", default),
            ]
            :
            [
                RowChange.Replace("p", "left", next, left.ETag),
                RowChange.Replace("p", "right", next, right.ETag),
                RowChange.Insert("p", $"mark{count + 1}", default),
                RowChange.Delete("p", $"mark{count}", (await rows.GetAsync(Table, "p", $"mark{count}", ct))!.ETag),
            ], ct);
        Assert.True(batch.IsDone);
        return count + 1;
    }

    /// <summary>How many steps were made; fails unless each was made whole.</summary>
    public static async Task<int> CountAsync(IRowStore rows, CancellationToken ct)
    {
        var page = await rows.ListAsync(Table, new(), 1000, null, ct);
        if (page.Rows.Count is 0)
        {
            return 0;
        }

        var values = page.Rows.ToDictionary(row => row.Key, row => Encoding.UTF8.GetString(row.Value.Span));
        Assert.Equal(3, values.Count);
        Assert.Equal(values["left"], values["right"]);
        Assert.Contains($"mark{values["left"]}", values.Keys);
        return int.Parse(values["left"]);
    }
}
