namespace Stoa.Gateway.Tools.Resilience;

/// <summary>What an instance can say about a tool's breaker, for people.</summary>
/// <param name="OpenUntil">Null unless open.</param>
/// <param name="LastFailureAt">Null when this instance has seen none.</param>
/// <param name="LastFailure">A sentence that names neither hosts nor addresses.</param>
internal readonly record struct BreakerState(BreakerPhase Phase, DateTimeOffset? OpenUntil, DateTimeOffset? LastFailureAt, string? LastFailure);

internal enum BreakerPhase
{
    /// <summary>Calls pass.</summary>
    Closed,

    /// <summary>Calls are refused without contact.</summary>
    Open,

    /// <summary>The time is over; the next call tries the endpoint, or is doing so, and others are refused.</summary>
    HalfOpen,
}
