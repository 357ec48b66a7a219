using Stoa.Gateway.Config;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Storage;

namespace Stoa.Gateway.Tools.Status;

/// <summary>Removes the statuses of tools that are gone. Any number may run at once; what it takes too much is written again.</summary>
internal sealed class StatusSweep(RevisionLog log, IRowStore rows)
{
    /// <summary>How many rows were removed.</summary>
    public async ValueTask<int> RunAsync(CancellationToken ct)
    {
        var removed = 0;
        (string Partition, Revision? Revision)? at = null;
        string? continuation = null;
        do
        {
            var page = await rows.ListAsync(StatusRows.Table, new RowRange(), RowLimits.MaxPage, continuation, ct);
            foreach (var row in page.Rows)
            {
                if (at?.Partition != row.Partition)
                {
                    at = (row.Partition, await CurrentAsync(row.Partition, ct));
                }

                var tool = at.Value.Revision?.Find(ToolKind.Schema.Kind, row.Key);
                if (tool is null || StatusRows.Parse(row)?.Uid != tool.Uid)
                {
                    await rows.WriteAsync(StatusRows.Table, RowChange.Delete(row.Partition, row.Key, row.ETag), ct);
                    removed++;
                }
            }

            continuation = page.Continuation;
        }
        while (continuation is not null);

        return removed;
    }

    private async ValueTask<Revision?> CurrentAsync(string partition, CancellationToken ct) =>
        TenantId.TryParse(partition, out var tenant) && await log.ReadHeadAsync(tenant, ct) is { Row: { Deleted: false } head }
            ? await log.ReadAsync(tenant, head, ct)
            : null;
}
