using Stoa.Gateway.Kernel;
using Stoa.Gateway.Storage;

namespace Stoa.Gateway.Config;

/// <summary>
/// Removes what configuration leaves behind: revisions beyond the newest 50 that are older than 30 days, and blobs of commits that never
/// landed. Any number may run at once, and any may die: each step is safe by itself.
/// </summary>
internal sealed class ConfigSweep(RevisionLog log, IRowStore rows, IBlobStore blobs, TimeProvider time)
{
    public const int KeptRevisions = 50;

    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);
    public static readonly TimeSpan OrphanAge = TimeSpan.FromHours(1);

    /// <summary>For a blob whose number the tenant has not reached: its writer might, however unlikely, still be about to commit.</summary>
    public static readonly TimeSpan PendingAge = TimeSpan.FromDays(1);

    /// <summary>How many rows and blobs were removed.</summary>
    public async ValueTask<int> RunAsync(CancellationToken ct)
    {
        var removed = 0;
        string? continuation = null;
        do
        {
            var page = await log.ListTenantsAsync(continuation, withDeleted: true, ct);
            foreach (var tenant in page.Tenants)
            {
                removed += await PruneAsync(tenant, ct);
            }

            continuation = page.Continuation;
        }
        while (continuation is not null);

        return removed + await RemoveOrphansAsync(ct);
    }

    private async ValueTask<int> PruneAsync(TenantId tenant, CancellationToken ct)
    {
        var newest = (await log.ReadHeadAsync(tenant, ct))?.Row.Revision ?? 0;
        if (newest <= KeptRevisions)
        {
            return 0;
        }

        var removed = 0;
        var partition = tenant.ToString();
        var range = new RowRange(partition, RevisionRow.KeyPrefix, RevisionRow.Key(newest - KeptRevisions + 1));
        var tooOld = time.GetUtcNow() - KeptFor;
        string? continuation = null;
        do
        {
            var page = await rows.ListAsync(RevisionLog.Table, range, 1000, continuation, ct);
            foreach (var row in page.Rows)
            {
                var revision = RevisionLog.ParseRevision(row);
                if (revision.At >= tooOld)
                {
                    return removed;
                }

                // The row first: a reader who then misses the blob can tell a swept revision from a damaged one.
                await rows.WriteAsync(RevisionLog.Table, RowChange.Delete(partition, row.Key, row.ETag), ct);
                await blobs.DeleteAsync(RevisionLog.Container, revision.Blob, ct);
                removed++;
            }

            continuation = page.Continuation;
        }
        while (continuation is not null);

        return removed;
    }

    private async ValueTask<int> RemoveOrphansAsync(CancellationToken ct)
    {
        var removed = 0;
        var now = time.GetUtcNow();
        Named? named = null;
        string? continuation = null;
        do
        {
            var page = await blobs.ListAsync(RevisionLog.Container, "", 1000, continuation, ct);
            foreach (var entry in page.Entries)
            {
                var age = now - entry.LastModified;
                if (age < OrphanAge || !TryParse(entry.Name, out var tenant, out var number))
                {
                    continue;
                }

                if (named is null || named.Tenant != tenant)
                {
                    named = await ReadNamedAsync(tenant, ct);
                }

                // A number at or below the pointer belongs to the blob that the history names, for ever. Above it, only age can tell.
                if (!named.Blobs.Contains(entry.Name) && (number <= named.Newest || age >= PendingAge))
                {
                    await blobs.DeleteAsync(RevisionLog.Container, entry.Name, ct);
                    removed++;
                }
            }

            continuation = page.Continuation;
        }
        while (continuation is not null);

        return removed;
    }

    // The pointer before the history: all rows up to the pointer as read are then in the history as read.
    private async ValueTask<Named> ReadNamedAsync(TenantId tenant, CancellationToken ct)
    {
        var newest = (await log.ReadHeadAsync(tenant, ct))?.Row.Revision ?? 0;
        var names = new HashSet<string>(StringComparer.Ordinal);
        string? continuation = null;
        do
        {
            var page = await rows.ListAsync(
                RevisionLog.Table, RowRange.Prefix(tenant.ToString(), RevisionRow.KeyPrefix), 1000, continuation, ct);
            names.UnionWith(page.Rows.Select(r => RevisionLog.ParseRevision(r).Blob));
            continuation = page.Continuation;
        }
        while (continuation is not null);

        return new Named(tenant, newest, names);
    }

    private static bool TryParse(string blob, out TenantId tenant, out long number)
    {
        (tenant, number) = (default, 0);
        var slash = blob.IndexOf('/', StringComparison.Ordinal);
        var dash = blob.IndexOf('-', slash + 1);
        return slash > 0 && dash > slash
            && TenantId.TryParse(blob.AsSpan(0, slash), out tenant)
            && long.TryParse(blob.AsSpan(slash + 1, dash - slash - 1), out number);
    }

    private sealed record Named(TenantId Tenant, long Newest, HashSet<string> Blobs);
}
