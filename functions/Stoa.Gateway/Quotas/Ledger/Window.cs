namespace Stoa.Gateway.Quotas.Ledger;

/// <summary>
/// The span that a limit is for. Second, minute and hour slide: no span of that length, wherever it begins, holds more than the limit.
/// Day and month are those of the UTC calendar.
/// </summary>
/// <remarks>
/// The short windows are token buckets whose tokens come back one window after they were taken, not gradually from the start: a GCRA
/// bucket of the same size lets twice the limit through in its first window, so "used ≤ limit in every window" would be false of it.
/// Charges are kept in slots of a 20th (second) or a 60th of the window; rounding up to a slot costs that share of the throughput.
/// </remarks>
internal enum Window
{
    Second,
    Minute,
    Hour,
    Day,
    Month,
}

/// <summary>Where the windows lie in time, which is milliseconds since 1970 UTC throughout the ledger.</summary>
internal static class WindowTime
{
    private const long SecondLength = 1000;
    private const long MinuteLength = 60 * SecondLength;
    private const long HourLength = 60 * MinuteLength;
    private const long DayLength = 24 * HourLength;

    /// <summary>The slot that a charge at this time goes to.</summary>
    public static long SlotAt(this Window window, long time) => window switch
    {
        Window.Second => time / (SecondLength / 20),
        Window.Minute => time / (MinuteLength / 60),
        Window.Hour => time / (HourLength / 60),
        Window.Day => time / DayLength,
        _ => MonthAt(time),
    };

    /// <summary>When the charges of a slot no longer count: a window after its end, or at the end of the day or month that it is.</summary>
    public static long FreedAt(this Window window, long slot) => window switch
    {
        Window.Second => ((slot + 1) * (SecondLength / 20)) + SecondLength,
        Window.Minute => ((slot + 1) * (MinuteLength / 60)) + MinuteLength,
        Window.Hour => ((slot + 1) * (HourLength / 60)) + HourLength,
        Window.Day => (slot + 1) * DayLength,
        _ => MonthStart(slot + 1),
    };

    /// <summary>As many slots later, the next whole window has begun.</summary>
    public static int SlotsPerWindow(this Window window) => window switch
    {
        Window.Second => 20,
        Window.Minute or Window.Hour => 60,
        _ => 1,
    };

    /// <summary>How long it is; a month, of whatever length, counts as 31 days.</summary>
    public static TimeSpan Length(this Window window) => TimeSpan.FromMilliseconds(window switch
    {
        Window.Second => SecondLength,
        Window.Minute => MinuteLength,
        Window.Hour => HourLength,
        Window.Day => DayLength,
        _ => 31 * DayLength,
    });

    /// <summary>
    /// The last moment at which what is leased now may be handed out. A charge is dated then, so what is handed out later than it was
    /// leased still counts for a whole window after.
    /// </summary>
    public static long SpendUntil(this Window window, long now) => window switch
    {
        Window.Second => now + 250,
        Window.Minute => now + 5000,
        Window.Hour => now + MinuteLength,
        _ => Math.Min(now + MinuteLength, (((now / DayLength) + 1) * DayLength) - 1),
    };

    private static long MonthAt(long time)
    {
        var date = DateTimeOffset.FromUnixTimeMilliseconds(time);
        return (date.Year * 12) + date.Month - 1;
    }

    private static long MonthStart(long month) =>
        new DateTimeOffset((int)(month / 12), (int)(month % 12) + 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
}
