using Stoa.Gateway.Audit.Ledger;
using Stoa.Gateway.Audit.Records;
using Stoa.Ledger.Records;

namespace Stoa.Gateway.Audit;

/// <summary>One management request whose intent is on record; collects by name what it changed and ends with an outcome.</summary>
internal sealed class AuditedChange(LedgerWriter ledger, TimeProvider time, AuditRecord intent, long sequence)
{
    /// <summary>Changes of one record; what is more goes into records of its own.</summary>
    private const int MaxChanges = 40;

    private readonly long _startedAt = time.GetTimestamp();
    private readonly List<Change> _changes = [];
    private int _isOver;

    public void Made(Change change) => _changes.Add(change with { Kind = CallRecord.NameOf(change.Kind) ?? "?", Name = CallRecord.NameOf(change.Name) ?? "?" });

    /// <summary>The outcome, once; returns when it is durable or late, since the change is made either way and its intent is on record.</summary>
    /// <param name="status">The HTTP status that the caller is told; 0 when nobody was there any more.</param>
    public async Task EndAsync(int status)
    {
        if (Interlocked.Exchange(ref _isOver, 1) == 1)
        {
            return;
        }

        foreach (var part in _changes.Skip(MaxChanges).Chunk(MaxChanges))
        {
            ledger.Append(intent with { Type = RecordType.Event, Mode = null, Changes = part });
        }

        await ledger.Append(intent with
        {
            Type = RecordType.Outcome,
            Intent = sequence,
            Mode = null,
            Outcome = status switch { 0 => "cancelled", < 300 => "ok", _ => $"http_{status}" },
            Milliseconds = (long)time.GetElapsedTime(_startedAt).TotalMilliseconds,
            Changes = [.. _changes.Take(MaxChanges)],
        }).Durable;
    }
}
