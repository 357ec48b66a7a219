namespace Stoa.Gateway.Tools.Resilience;

/// <summary>What this instance has seen of each tool's endpoint.</summary>
internal sealed class Breakers(TimeProvider time)
{
    private readonly IdleMap<(string Tenant, string Tool), ToolSpec, UpstreamRecord> _records = new(spec => new(spec, time), static (record, spec) => record.Fits(spec), time);

    public int Count => _records.Count;

    /// <summary>The record of the tool as it is configured now.</summary>
    public UpstreamRecord Of(Tool tool) => _records.Of((tool.Revision.Uid, tool.Name), tool.Spec);

    /// <summary>For people: does not count as a use.</summary>
    public BreakerState State(Tool tool) => _records.Find((tool.Revision.Uid, tool.Name), tool.Spec)?.Breaker.State ?? default;

    /// <inheritdoc cref="Breaker.Hint"/>
    public void Hint(Tool tool, DateTimeOffset openUntil) => Of(tool).Breaker.Hint(openUntil);
}

/// <summary>One tool's breaker and retry budget, as long as what they are about does not change.</summary>
internal sealed class UpstreamRecord(ToolSpec spec, TimeProvider time)
{
    private ToolSpec _spec = spec;

    public Breaker Breaker { get; } = new(spec.CircuitBreaker, time);

    public RetryBudget Retries { get; } = new(time);

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
