using System.Collections.Immutable;

namespace Stoa.Gateway.Quotas.Ledger;

/// <summary>So much charged in one slot of a window.</summary>
internal readonly record struct Charge(long Slot, long Amount);

/// <summary>
/// What is charged of one dimension in one window, by slot, oldest first. It may pass the limit: then it is a debt, which is dated
/// forward and so blocks as many windows as it takes, and is never clamped. What is borrowed is dated forward, too.
/// </summary>
/// <param name="warnedUntil">No warning is due before this time: there has been one. In the books, so that of all instances one warns.</param>
internal sealed class Meter(Dimension dimension, Window window, ImmutableArray<Charge> charges, long warnedUntil = 0)
{
    /// <summary>A debt is spread over at most so many later windows; what is left then goes to the last.</summary>
    private const int WindowsAhead = 8;

    public Dimension Dimension => dimension;

    public Window Window => window;

    public ImmutableArray<Charge> Charges => charges;

    public long WarnedUntil => warnedUntil;

    /// <summary>All that counts now, with what is dated forward.</summary>
    public long Used(long now)
    {
        var used = 0L;
        foreach (var charge in charges)
        {
            used += window.FreedAt(charge.Slot) > now ? charge.Amount : 0;
        }

        return used;
    }

    /// <summary>Without the slots that no longer count.</summary>
    public Meter Roll(long now) =>
        charges is [var oldest, ..] && window.FreedAt(oldest.Slot) <= now
            ? With([.. charges.Where(c => window.FreedAt(c.Slot) > now)])
            : this;

    public Meter Add(long time, long amount) => amount is 0 ? this : AddTo(window.SlotAt(time), amount);

    /// <summary>
    /// Charges this up to the limit, and what exceeds it in equal parts to as many windows ahead: it is borrowed from those. They are
    /// charged at their ends, so that there are few slots of it.
    /// </summary>
    public Meter Borrow(long time, long amount, long limit, int windows)
    {
        var slot = window.SlotAt(time);
        var plain = Math.Clamp(limit - UsedBy(time), 0, amount);
        var (meter, rest, length) = (Add(time, plain), amount - plain, window.SlotsPerWindow());
        for (var left = windows; rest > 0; left--)
        {
            var part = (rest + left - 1) / left;
            var ahead = (((slot / length) + 1 + windows - left) * length) + length - 1;
            (meter, rest) = (meter.AddTo(ahead, part), rest - part);
        }

        return meter;
    }

    /// <summary>
    /// Takes back what was charged at this time, if that still counts; first of what is owed to later windows, as with less used less would
    /// be owed. Never more than is charged there, and never from a slot that others' charges may be in: what has ceased to count has come
    /// back by itself.
    /// </summary>
    public Meter Refund(long time, long amount, long now)
    {
        var slot = window.SlotAt(time);
        if (amount is 0 || window.FreedAt(slot) <= now)
        {
            return this;
        }

        var (meter, left) = (this, amount);
        var lastOfNow = window.SlotAt(window.SpendUntil(now));
        for (var i = charges.Length - 1; i >= 0 && left > 0 && charges[i].Slot > lastOfNow; i--)
        {
            (meter, left) = (meter.Take(charges[i].Slot, left), left - Math.Min(left, charges[i].Amount));
        }

        return meter.Take(slot, left);
    }

    /// <summary>The same with a warning given, which is the last until then.</summary>
    public Meter Warned(long until) => new(dimension, window, charges, until);

    /// <summary>Charges a debt: what there is room for now, the rest to the windows to come, each up to the limit.</summary>
    public Meter Owe(long now, long amount, long? limit)
    {
        var slot = window.SlotAt(now);
        if (limit is not > 0)
        {
            return Add(now, amount);
        }

        // Charged on top of all that counts already, one window's limit per window ahead.
        var (meter, level) = (this, Used(now));
        while (amount > 0)
        {
            var ahead = Math.Min(level / limit.Value, WindowsAhead);
            var part = ahead < WindowsAhead ? Math.Min(amount, ((ahead + 1) * limit.Value) - level) : amount;
            meter = meter.AddTo(slot + (ahead * window.SlotsPerWindow()), part);
            (amount, level) = (amount - part, level + part);
        }

        return meter;
    }

    /// <summary>When some of it comes back; now, when nothing is charged.</summary>
    public long NextFree(long now)
    {
        foreach (var charge in charges)
        {
            if (window.FreedAt(charge.Slot) > now)
            {
                return window.FreedAt(charge.Slot);
            }
        }

        return now;
    }

    /// <summary>The first moment at which no more than this is charged, if nothing is added.</summary>
    public long FallsTo(long amount, long now)
    {
        var (left, at) = (Used(now), now);
        foreach (var charge in charges)
        {
            if (left <= amount)
            {
                break;
            }

            if (window.FreedAt(charge.Slot) > now)
            {
                (left, at) = (left - charge.Amount, window.FreedAt(charge.Slot));
            }
        }

        return at;
    }

    /// <summary>What counts at this time without what is dated later.</summary>
    private long UsedBy(long time)
    {
        var (used, last) = (0L, window.SlotAt(time));
        foreach (var charge in charges)
        {
            used += charge.Slot <= last && window.FreedAt(charge.Slot) > time ? charge.Amount : 0;
        }

        return used;
    }

    private Meter With(ImmutableArray<Charge> others) => new(dimension, window, others, warnedUntil);

    private Meter Take(long slot, long amount)
    {
        var at = IndexOf(slot);
        return at < 0 || amount is 0 ? this
            : charges[at].Amount <= amount ? With(charges.RemoveAt(at))
            : With(charges.SetItem(at, new(slot, charges[at].Amount - amount)));
    }

    private Meter AddTo(long slot, long amount)
    {
        var at = IndexOf(slot);
        return With(at >= 0
            ? charges.SetItem(at, new(slot, charges[at].Amount + amount))
            : charges.Insert(~at, new(slot, amount)));
    }

    private int IndexOf(long slot)
    {
        for (var i = 0; i < charges.Length; i++)
        {
            if (charges[i].Slot >= slot)
            {
                return charges[i].Slot == slot ? i : ~i;
            }
        }

        return ~charges.Length;
    }
}
