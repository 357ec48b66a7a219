using System.Collections.Immutable;

namespace Stoa.Gateway.Quotas.Ledger;

/// <summary>At most so much of one dimension in one window.</summary>
internal readonly record struct Limit(Dimension Dimension, Window Window, long Amount);

/// <summary>
/// How far a window may be exceeded: by so many percent of its limit. What exceeds it is charged to the windows of the payback time, in equal
/// parts, so that any number of windows together hold no more than their limits and this once.
/// </summary>
/// <param name="Percent">1 to 100.</param>
internal sealed record Borrowing(int Percent, TimeSpan Payback)
{
    private const int MostWindows = 8;

    public long Of(Limit limit) => limit.Amount * Percent / 100;

    /// <summary>Over how many of the next windows it is paid back.</summary>
    public int WindowsOf(Window window) => (int)Math.Clamp(Math.Ceiling(Payback / window.Length()), 1, MostWindows);
}

/// <summary>
/// What one scope may spend, as configuration has it: any number of limits, at most one per dimension and window, and how many calls and
/// streams may be under way. They are not stored; each instance judges by the revision it runs on.
/// </summary>
internal sealed class Limits
{
    private readonly Amounts _counted;

    public Limits(IEnumerable<Limit> windows, int? calls = null, int? streams = null)
    {
        Windows = [.. windows];
        Slots = new(calls ?? int.MaxValue, streams ?? int.MaxValue);
        foreach (var limit in Windows)
        {
            Amounts.Check(default(Amounts).With(limit.Dimension, limit.Amount));
            _counted = _counted.With(limit.Dimension, long.MaxValue);
        }

        if (Windows.DistinctBy(l => (l.Dimension, l.Window)).Count() != Windows.Length)
        {
            throw new ArgumentException("A dimension has one limit per window.", nameof(windows));
        }
    }

    public ImmutableArray<Limit> Windows { get; }

    public Slots Slots { get; }

    /// <summary>Null: no limit is ever exceeded.</summary>
    public Borrowing? Borrow { get; init; }

    /// <summary>Null: nobody wants to be warned.</summary>
    public QuotaAlarm? Alarm { get; init; }

    public bool LimitsAnything => !Windows.IsEmpty || Slots != Slots.Unlimited;

    /// <summary>The most that may be charged at once: the limit, and what may be borrowed.</summary>
    public long MostOf(Limit limit) => limit.Amount + (Borrow is null ? 0 : Borrow.Of(limit));

    public bool Counts(Dimension dimension) => _counted[dimension] > 0;

    /// <summary>The part of it that is limited here; the rest is not counted.</summary>
    public Amounts Counted(Amounts amounts) => Amounts.Min(amounts, _counted);

    public Slots Counted(Slots slots) =>
        new(Slots.Calls is int.MaxValue ? 0 : slots.Calls, Slots.Streams is int.MaxValue ? 0 : slots.Streams);

    /// <summary>The last moment at which a surplus leased now may be handed out: the shortest that any window allows.</summary>
    public long SpendUntil(long now)
    {
        var until = long.MaxValue;
        foreach (var limit in Windows)
        {
            until = Math.Min(until, limit.Window.SpendUntil(now));
        }

        return until;
    }
}
