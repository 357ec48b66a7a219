using System.Collections.Immutable;

namespace Stoa.Gateway.Quotas.Ledger;

/// <summary>
/// The books of one scope (a consumer, a tenant, a shared policy), one row in storage: what is charged, and to whom blocks and slots are
/// leased. Immutable; <see cref="Transitions"/> makes the next one.
/// </summary>
/// <param name="Time">
/// The scope's own clock, milliseconds since 1970 UTC. It never goes back: of instances whose clocks differ the fastest leads, and for the
/// others time stands still until theirs has caught up. A skew thus moves the edge of a day or month by as much; a short window may let
/// through at most once what comes back in so much time, and lets that much less through afterwards. Nothing charged is ever forgotten.
/// </param>
internal sealed record QuotaEntity(long Time, ImmutableArray<Meter> Meters, ImmutableArray<Lease> Leases)
{
    /// <summary>Instances that may hold leases of one scope at once; one more is refused until another's lease ends.</summary>
    public const int MostLeases = 128;

    /// <summary>Open blocks in one lease; beyond it the two oldest become one, with the older date.</summary>
    public const int MostBlocks = 8;

    public static readonly QuotaEntity New = new(0, [], []);

    /// <summary>Nothing in it that a new one would not have, save the clock.</summary>
    public bool IsEmpty => Meters.IsEmpty && Leases.IsEmpty;

    public Lease? LeaseOf(ulong owner)
    {
        foreach (var lease in Leases)
        {
            if (lease.Owner == owner)
            {
                return lease;
            }
        }

        return null;
    }

    public long Used(Dimension dimension, Window window)
    {
        foreach (var meter in Meters)
        {
            if (meter.Dimension == dimension && meter.Window == window)
            {
                return meter.Used(Time);
            }
        }

        return 0;
    }

    /// <summary>What may still be leased, by the tightest limit of each dimension, with what may be borrowed; below zero where there is a debt.</summary>
    public Amounts Room(Limits limits)
    {
        var room = new Amounts(Amounts.Most, Amounts.Most, Amounts.Most);
        foreach (var limit in limits.Windows)
        {
            var left = limits.MostOf(limit) - Used(limit.Dimension, limit.Window);
            room = room.With(limit.Dimension, Math.Min(room[limit.Dimension], left));
        }

        return room;
    }

    /// <summary>What was really used: charged, and held by no lease any more.</summary>
    public long Settled(Meter meter)
    {
        var settled = meter.Used(Time);
        foreach (var lease in Leases)
        {
            foreach (var block in lease.Blocks)
            {
                settled -= meter.Window.FreedAt(meter.Window.SlotAt(block.ChargedAt)) > Time ? block.Held[meter.Dimension] : 0;
            }
        }

        return settled;
    }

    /// <summary>Slots that others than this instance do not hold; what it uses itself comes off this.</summary>
    public Slots SlotRoom(Limits limits, ulong owner)
    {
        var room = limits.Slots;
        foreach (var lease in Leases)
        {
            room = lease.Owner == owner ? room : room - limits.Counted(lease.Slots);
        }

        return room;
    }
}
