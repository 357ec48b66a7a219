namespace Stoa.Gateway.Tools.Resilience;

/// <summary>What an instance can say about a tool's breaker, for people.</summary>
/// <param name="OpenUntil">Null unless open.</param>
internal readonly record struct BreakerState(BreakerPhase Phase, DateTimeOffset? OpenUntil);

internal enum BreakerPhase
{
    /// <summary>Calls pass.</summary>
    Closed,

    /// <summary>Calls are refused without contact.</summary>
    Open,

    /// <summary>The time is over; the next call tries the endpoint, or is doing so, and others are refused.</summary>
    HalfOpen,
}

/// <summary>The words of documents and answers for a <see cref="BreakerPhase"/>.</summary>
internal static class BreakerPhaseNames
{
    public static string NameOf(BreakerPhase phase) => phase switch
    {
        BreakerPhase.Open => "open",
        BreakerPhase.HalfOpen => "halfOpen",
        _ => "closed",
    };
}
