using System.Collections.Concurrent;

namespace Stoa.Gateway.Tools.Resilience;

/// <summary>
/// What this instance has seen of each tool's endpoint. Bounded, forgotten when idle or when the tool is changed, and none of it of record:
/// losing it costs a few calls to an endpoint that fails.
/// </summary>
internal sealed class Breakers(TimeProvider time)
{
    public const int Capacity = 10_000;

    /// <summary>Longer than any breaker stays open or looks back.</summary>
    public static readonly TimeSpan IdleLimit = TimeSpan.FromMinutes(30);

    private static readonly TimeSpan TrimEvery = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(string Tenant, string Tool), UpstreamRecord> _records = new();
    private long _trimmedAt = time.GetTimestamp();

    public int Count => _records.Count;

    /// <summary>The record of the tool as it is configured now.</summary>
    public UpstreamRecord Of(Tool tool)
    {
        var key = (tool.Revision.Uid, tool.Name);
        if (!_records.TryGetValue(key, out var record))
        {
            Trim();
            record = _records.GetOrAdd(key, static (_, args) => new(args.tool.Spec, args.time), (tool, time));
        }
        else if (!record.Fits(tool.Spec))
        {
            record = _records[key] = new(tool.Spec, time);
        }

        record.UsedAt = time.GetTimestamp();
        return record;
    }

    /// <summary>For people: does not count as a use.</summary>
    public BreakerState State(Tool tool) => _records.TryGetValue((tool.Revision.Uid, tool.Name), out var record) && record.Fits(tool.Spec) ? record.Breaker.State : default;

    /// <inheritdoc cref="Breaker.Hint"/>
    public void Hint(Tool tool, DateTimeOffset openUntil) => Of(tool).Breaker.Hint(openUntil);

    private void Trim()
    {
        var isFull = _records.Count >= Capacity;
        if (!isFull && time.GetElapsedTime(_trimmedAt) < TrimEvery)
        {
            return;
        }

        _trimmedAt = time.GetTimestamp();
        foreach (var record in _records.Where(r => time.GetElapsedTime(r.Value.UsedAt) > IdleLimit))
        {
            _records.TryRemove(record);
        }

        if (_records.Count >= Capacity)
        {
            foreach (var record in _records.Take(Capacity / 10))
            {
                _records.TryRemove(record);
            }
        }
    }
}

/// <summary>One tool's breaker and retry budget, as long as what they are about does not change.</summary>
internal sealed class UpstreamRecord(ToolSpec spec, TimeProvider time)
{
    private ToolSpec _spec = spec;

    public Breaker Breaker { get; } = new(spec.CircuitBreaker, time);

    public RetryBudget Retries { get; } = new(time);

    public long UsedAt { get; set; } = time.GetTimestamp();

    /// <summary>Each revision reads its specs anew, so equal ones are told by their content, once.</summary>
    public bool Fits(ToolSpec spec)
    {
        if (ReferenceEquals(_spec, spec))
        {
            return true;
        }

        if (spec.Endpoint != _spec.Endpoint || spec.Method != _spec.Method || spec.CircuitBreaker != _spec.CircuitBreaker)
        {
            return false;
        }

        _spec = spec;
        return true;
    }
}
