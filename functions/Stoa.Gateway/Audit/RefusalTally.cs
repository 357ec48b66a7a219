using System.Collections.Concurrent;
using Stoa.Gateway.Audit.Ledger;
using Stoa.Gateway.Audit.Records;
using Stoa.Gateway.Kernel;
using Stoa.Ledger.Records;

namespace Stoa.Gateway.Audit;

/// <summary>
/// Counts refusals that get no record each, since strangers could fill a store that forgets nothing with them: those before the caller is
/// known, and those while the ledger cannot be written. One <c>note</c> tells the counts of a minute. An idle instance does not tick.
/// </summary>
internal sealed class RefusalTally : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<RefusalKind, long> _counts = new();
    private readonly LedgerWriter _ledger;
    private readonly ITimer _timer;
    private int _isSet;

    public RefusalTally(LedgerWriter ledger, TimeProvider time)
    {
        _ledger = ledger;
        _timer = time.CreateTimer(static tally => ((RefusalTally)tally!).Flush(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Count(RefusalKind kind)
    {
        _counts.AddOrUpdate(kind, 1, static (_, count) => count + 1);
        if (Volatile.Read(ref _isSet) == 0 && Interlocked.Exchange(ref _isSet, 1) == 0)
        {
            _timer.Change(Interval, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Puts what was counted on record.</summary>
    public void Flush()
    {
        Volatile.Write(ref _isSet, 0);
        var counts = new List<Tally>();
        foreach (var kind in _counts.Keys)
        {
            if (_counts.TryRemove(kind, out var count))
            {
                counts.Add(new(RefusalMap.Of(kind).Name, count));
            }
        }

        if (counts.Count > 0)
        {
            _ledger.Post(new AuditRecord(RecordType.Note) { Operation = "refusals", Counts = [.. counts.OrderBy(c => c.Reason, StringComparer.Ordinal)] });
        }
    }

    public void Dispose() => _timer.Dispose();
}
