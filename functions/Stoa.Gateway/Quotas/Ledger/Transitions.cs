using System.Collections.Immutable;

namespace Stoa.Gateway.Quotas.Ledger;

/// <summary>
/// Every way in which the books of a scope change. Pure: no clock, no I/O, the same arguments give the same books. A write applies
/// <see cref="Advance"/>, <see cref="Report"/> and <see cref="Grant"/> in this order to what was read, and stores it on condition
/// that nobody else wrote meanwhile.
/// </summary>
internal static class Transitions
{
    /// <summary>Below so many calls' worth of room there are no blocks, and below so many slots no spare ones.</summary>
    public const int SmallestBlock = 20;

    private const int LargestShare = 10;
    private const int ShareOfRest = 4;

    /// <summary>
    /// Moves the clock to now, or leaves it where it is later; rolls the windows; reaps. A lease that expired goes without a refund: its
    /// blocks may be used up or even still in use, so they stay charged. Slots are freed, as nothing of them is used up.
    /// </summary>
    public static QuotaEntity Advance(this QuotaEntity entity, long now)
    {
        var time = Math.Max(now, entity.Time);
        var leases = entity.Leases.Any(l => l.Until <= time || (l.SlotsUntil <= time && !l.Slots.IsZero))
            ? [.. entity.Leases.Where(l => l.Until > time).Select(l => l.SlotsUntil > time ? l : l with { Slots = default })]
            : entity.Leases;
        var meters = entity.Meters.Any(m => m.Roll(time) != m)
            ? [.. entity.Meters.Select(m => m.Roll(time)).Where(m => !m.Charges.IsEmpty)]
            : entity.Meters;
        return new(time, meters, leases);
    }

    /// <summary>
    /// Settles: the unused parts of blocks are given back to the slots that they were charged in, used parts stay. Only what the owner
    /// still holds can be reported: when its lease is gone, or the block in it, the report changes nothing (fenced), whoever repeats it.
    /// A debt, what calls used beyond all their reservations, is charged in any case.
    /// </summary>
    public static QuotaEntity Report(this QuotaEntity entity, ulong owner, IReadOnlyList<BlockReport> reports, Amounts debt, Limits limits)
    {
        if (entity.LeaseOf(owner) is { } lease)
        {
            var meters = entity.Meters;
            var blocks = lease.Blocks;
            foreach (var report in reports)
            {
                (blocks, meters) = Settle(blocks, meters, report, entity.Time);
            }

            entity = entity with { Meters = meters, Leases = entity.Leases.Replace(lease, lease with { Blocks = blocks }) };
        }

        return debt.IsZero ? entity : entity.Owe(debt, limits);
    }

    /// <summary>
    /// Leases what is needed and, where there is room, more: at most a tenth of the limit, and at most the owner's share of a quarter of
    /// what is left, so that blocks shrink to the exact need as the limit comes near. Charges it all. The owner's lease is renewed, or
    /// ended when nothing is left in it. Null when no more instances can hold leases.
    /// </summary>
    public static QuotaEntity? Grant(this QuotaEntity entity, in Ask ask, Limits limits, LeaseTerms terms)
    {
        var lease = entity.LeaseOf(ask.Owner);
        if (lease is null && entity.Leases.Length >= QuotaEntity.MostLeases)
        {
            return null;
        }

        var surplus = entity.Surplus(ask, limits);
        var block = new Block(ask.Number, surplus.IsZero ? entity.Time : limits.SpendUntil(entity.Time), ask.Need + surplus);
        var blocks = lease?.Blocks ?? [];
        blocks = block.Held.IsZero ? blocks : Fold(blocks.Add(block));
        var slots = ask.InUse + ask.NeedSlots + entity.Spare(ask, limits, lease?.Slots ?? default);
        var renewed = new Lease(ask.Owner, ask.Number, entity.Time + terms.Block, entity.Time + terms.Slots, slots, blocks);
        var isOver = blocks.IsEmpty && slots.IsZero && !ask.KeepsMark;
        return entity.WithMeters(limits).Charge(block.ChargedAt, block.Held, limits) with
        {
            Leases = lease is null
                ? isOver ? entity.Leases : entity.Leases.Add(renewed)
                : isOver ? entity.Leases.Remove(lease) : entity.Leases.Replace(lease, renewed),
        };
    }

    /// <summary>
    /// Notes the limits of which so much is used that their owner is to be warned now: at most once until the window is over. Judged by what
    /// is settled, as what is reserved may come back.
    /// </summary>
    public static QuotaEntity Warn(this QuotaEntity entity, Limits limits, ICollection<LimitMark> marks)
    {
        if (limits.Alarm is not { } alarm)
        {
            return entity;
        }

        foreach (var meter in entity.Meters)
        {
            if (meter.WarnedUntil <= entity.Time && limits.AmountOf(meter) is { } most && entity.Settled(meter) is var used && used * 100 >= most * alarm.Percent)
            {
                var until = meter.Window.FreedAt(meter.Window.SlotAt(entity.Time));
                marks.Add(new(new(meter.Dimension, meter.Window, most), used, entity.Time, meter.FallsTo(0, entity.Time)));
                entity = entity with { Meters = entity.Meters.Replace(meter, meter.Warned(until)) };
            }
        }

        return entity;
    }

    /// <summary>
    /// An administrator's reset: all that is settled is forgotten, what instances hold stays charged. It is the one way to set a clock back
    /// that a broken instance has moved into the future, and then takes all leases with it.
    /// </summary>
    public static QuotaEntity Reset(this QuotaEntity entity, long now, TimeSpan mostSkew)
    {
        var kept = entity.Time - now > mostSkew.TotalMilliseconds ? QuotaEntity.New with { Time = now } : entity.Advance(now);
        return kept with { Meters = [.. kept.Meters.Select(m => kept.HeldIn(m.Dimension, m.Window)).Where(m => !m.Charges.IsEmpty)] };
    }

    private static (ImmutableArray<Block> Blocks, ImmutableArray<Meter> Meters) Settle(
        ImmutableArray<Block> blocks, ImmutableArray<Meter> meters, BlockReport report, long now)
    {
        // A block that was folded into an older one is reported to that.
        var at = blocks.Length - 1;
        while (at >= 0 && blocks[at].Number > report.Number)
        {
            at--;
        }

        if (at < 0)
        {
            return (blocks, meters);
        }

        var block = blocks[at];
        var held = Amounts.Max(default, block.Held - report.Used);
        var unused = Amounts.Min(report.Unused, held);
        held -= unused;
        return (
            held.IsZero ? blocks.RemoveAt(at) : blocks.SetItem(at, block with { Held = held }),
            unused.IsZero ? meters : [.. meters.Select(m => m.Refund(block.ChargedAt, unused[m.Dimension], now))]);
    }

    private static ImmutableArray<Block> Fold(ImmutableArray<Block> blocks) =>
        blocks.Length <= QuotaEntity.MostBlocks ? blocks
            : blocks.RemoveAt(1).SetItem(0, blocks[0] with { Held = blocks[0].Held + blocks[1].Held });

    private static Amounts Surplus(this QuotaEntity entity, in Ask ask, Limits limits)
    {
        var surplus = Amounts.Max(default, limits.Counted(ask.Want) - ask.Need);
        var holders = entity.Leases.Length + (entity.LeaseOf(ask.Owner) is null ? 1 : 0);
        foreach (var limit in limits.Windows)
        {
            var dimension = limit.Dimension;
            // Nothing is borrowed in store.
            var left = limit.Amount - entity.Used(dimension, limit.Window) - ask.Need[dimension];
            var most = left < SmallestBlock * Math.Max(1, ask.Largest[dimension]) ? 0
                : Math.Min(limit.Amount / LargestShare, left / (ShareOfRest * holders));
            surplus = surplus.With(dimension, Math.Min(surplus[dimension], most));
        }

        return surplus;
    }

    private static Slots Spare(this QuotaEntity entity, in Ask ask, Limits limits, Slots held)
    {
        var left = entity.SlotRoom(limits, ask.Owner) - ask.InUse - ask.NeedSlots;
        var holders = entity.Leases.Length + 1;

        // What it holds already it may keep; more only where there are enough to share.
        var kept = Slots.Max(default, held - ask.InUse - ask.NeedSlots);
        var more = new Slots(
            limits.Slots.Calls < SmallestBlock ? 0 : left.Calls / (ShareOfRest * holders),
            limits.Slots.Streams < SmallestBlock ? 0 : left.Streams / (ShareOfRest * holders));
        return Slots.Max(default, Slots.Min(Slots.Min(limits.Counted(ask.SpareSlots), left), Slots.Max(kept, more)));
    }

    private static QuotaEntity Charge(this QuotaEntity entity, long time, Amounts amounts, Limits limits) => amounts.IsZero ? entity
        : entity with { Meters = [.. entity.Meters.Select(m => Charge(m, time, amounts[m.Dimension], limits))] };

    private static Meter Charge(Meter meter, long time, long amount, Limits limits) => limits.Borrow is { } borrow && limits.AmountOf(meter) is { } limit
        ? meter.Borrow(time, amount, limit, borrow.WindowsOf(meter.Window))
        : meter.Add(time, amount);

    private static QuotaEntity Owe(this QuotaEntity entity, Amounts debt, Limits limits)
    {
        entity = entity.WithMeters(limits);
        return entity with { Meters = [.. entity.Meters.Select(m => m.Owe(entity.Time, debt[m.Dimension], limits.AmountOf(m)))] };
    }

    /// <summary>
    /// A limit that is new here begins with what is held: that will be reported to it too. A meter whose limit is gone goes on until it
    /// has run out, as instances on the revision before still judge by it.
    /// </summary>
    private static QuotaEntity WithMeters(this QuotaEntity entity, Limits limits)
    {
        var missing = limits.Windows.Where(l => !entity.Meters.Any(m => m.Dimension == l.Dimension && m.Window == l.Window)).ToList();
        return missing.Count is 0 ? entity
            : entity with { Meters = entity.Meters.AddRange(missing.Select(l => entity.HeldIn(l.Dimension, l.Window))) };
    }

    private static Meter HeldIn(this QuotaEntity entity, Dimension dimension, Window window) =>
        entity.Leases.SelectMany(l => l.Blocks).Aggregate(
            new Meter(dimension, window, []), (meter, block) => meter.Add(block.ChargedAt, block.Held[dimension])).Roll(entity.Time);

    private static long? AmountOf(this Limits limits, Meter meter)
    {
        foreach (var limit in limits.Windows)
        {
            if (limit.Dimension == meter.Dimension && limit.Window == meter.Window)
            {
                return limit.Amount;
            }
        }

        return null;
    }
}
