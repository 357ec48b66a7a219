using System.Collections.Concurrent;
using Stoa.Gateway.Storage;

namespace Stoa.Gateway.Tests.Quotas.Ledger;

/// <summary>What befalls one write.</summary>
public enum Fate
{
    Done,

    /// <summary>Another writer comes first, so the version no longer fits.</summary>
    Overtaken,

    /// <summary>A time-out before it arrived.</summary>
    NeverArrived,

    /// <summary>An answer of 500 after it was committed.</summary>
    AnswerLost,

    /// <summary>Committed, overwritten by another, and only then examined: nobody can tell.</summary>
    UnknownButDone,

    /// <summary>Not committed, and nobody can tell.</summary>
    UnknownAndNotDone,

    /// <summary>It timed out, is tried again, and the first arrives after the second has been sent.</summary>
    Late,
}

/// <summary>Rows in memory with a fate for each write, in order; after those all goes well.</summary>
internal sealed class RoughStore(IRowStore rows) : IRowStore
{
    // Instances write ahead of need beside whoever scripts the next fate.
    private readonly ConcurrentQueue<Fate> _fates = new();
    private LateWrite? _late;

    public void Expect(Fate fate) => _fates.Enqueue(fate);

    public ValueTask<Row?> GetAsync(string table, string partition, string key, CancellationToken ct) => rows.GetAsync(table, partition, key, ct);

    public ValueTask<RowPage> ListAsync(string table, RowRange range, int take, string? continuation, CancellationToken ct) =>
        rows.ListAsync(table, range, take, continuation, ct);

    public async ValueTask<WriteResult> WriteAsync(string table, RowChange change, CancellationToken ct) =>
        (await WriteAsync(table, [change], ct)).Single();

    public async ValueTask<BatchResult> WriteAsync(string table, IReadOnlyList<RowChange> changes, CancellationToken ct)
    {
        if (Interlocked.Exchange(ref _late, null) is { } late)
        {
            await rows.WriteAsync(late.Table, late.Changes, ct);
        }

        switch (_fates.TryDequeue(out var fate) ? fate : Fate.Done)
        {
            case Fate.Overtaken:
                await TouchAsync(table, changes, ct);
                return await rows.WriteAsync(table, changes, ct);
            case Fate.NeverArrived:
                throw new StorageUnavailableException("Scripted: it never arrived.");
            case Fate.AnswerLost:
                await rows.WriteAsync(table, changes, ct);
                throw new StorageUnavailableException("Scripted: the answer was lost.");
            case Fate.UnknownButDone:
                await rows.WriteAsync(table, changes, ct);
                await TouchAsync(table, changes, ct);
                return new(WriteStatus.Unknown, [], -1);
            case Fate.UnknownAndNotDone:
                await TouchAsync(table, changes, ct);
                return new(WriteStatus.Unknown, [], -1);
            case Fate.Late:
                _late = new(table, changes);
                throw new StorageUnavailableException("Scripted: it will arrive late.");
            default:
                return await rows.WriteAsync(table, changes, ct);
        }
    }

    /// <summary>Another writer who changes nothing but the version.</summary>
    private async ValueTask TouchAsync(string table, IReadOnlyList<RowChange> changes, CancellationToken ct)
    {
        foreach (var change in changes)
        {
            if (await rows.GetAsync(table, change.Partition, change.Key, ct) is { } row)
            {
                await rows.WriteAsync(table, RowChange.Replace(row.Partition, row.Key, row.Value, row.ETag), ct);
            }
        }
    }

    private sealed record LateWrite(string Table, IReadOnlyList<RowChange> Changes);
}
