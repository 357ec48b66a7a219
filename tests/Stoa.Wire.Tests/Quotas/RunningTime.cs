namespace Stoa.Wire.Tests.Quotas;

/// <summary>Runs as time does, from the moment given.</summary>
internal sealed class RunningTime(DateTimeOffset start) : TimeProvider
{
    private readonly long _from = System.GetTimestamp();

    /// <summary>From noon in the middle of a month: no day and no month ends under a test, whenever it is run.</summary>
    public static RunningTime Midday => new(new(2026, 6, 15, 12, 0, 0, TimeSpan.Zero));

    public override DateTimeOffset GetUtcNow() => start + System.GetElapsedTime(_from);
}
