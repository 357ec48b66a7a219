using System.Collections.Immutable;

namespace Stoa.Gateway.Quotas.Ledger;

/// <summary>So much charged in one slot of a window.</summary>
internal readonly record struct Charge(long Slot, long Amount);

/// <summary>
/// What is charged of one dimension in one window, by slot, oldest first. It may pass the limit: then it is a debt, which is dated
/// forward and so blocks as many windows as it takes, and is never clamped.
/// </summary>
internal sealed class Meter(Dimension dimension, Window window, ImmutableArray<Charge> charges)
{
    /// <summary>A debt is spread over at most so many later windows; what is left then goes to the last.</summary>
    private const int WindowsAhead = 8;

    public Dimension Dimension => dimension;

    public Window Window => window;

    public ImmutableArray<Charge> Charges => charges;

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
            ? new(dimension, window, [.. charges.Where(c => window.FreedAt(c.Slot) > now)])
            : this;

    public Meter Add(long time, long amount) => amount is 0 ? this : AddTo(window.SlotAt(time), amount);

    /// <summary>
    /// Takes back what was charged at this time, if that still counts. Never more than the slot holds, and never from another slot: what
    /// has ceased to count has come back by itself.
    /// </summary>
    public Meter Refund(long time, long amount)
    {
        var slot = window.SlotAt(time);
        var at = IndexOf(slot);
        return at < 0 || amount is 0 ? this
            : charges[at].Amount <= amount ? new(dimension, window, charges.RemoveAt(at))
            : new(dimension, window, charges.SetItem(at, new(slot, charges[at].Amount - amount)));
    }

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

    private Meter AddTo(long slot, long amount)
    {
        var at = IndexOf(slot);
        return new(dimension, window, at >= 0
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
