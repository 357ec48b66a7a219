namespace Stoa.Gateway.Config;

/// <summary>How old a configuration may be when it decides about a call.</summary>
internal sealed record ConfigSettings
{
    /// <summary>A change made on another instance is effective here after this long at the latest. One small read per tenant and period.</summary>
    public TimeSpan Freshness { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the last known revision serves while storage does not answer, from its last successful check; zero to refuse at once.</summary>
    public TimeSpan MaxStale { get; init; } = TimeSpan.FromSeconds(60);
}
