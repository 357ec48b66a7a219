using Stoa.Gateway.Quotas.Ledger;

namespace Stoa.Gateway.Tests.Quotas.Ledger;

/// <summary>The protocol as it is, or with one seeded mistake that the model checker must find.</summary>
internal sealed record ModelVariant
{
    public static readonly ModelVariant Real = new();

    /// <summary>The row is overwritten whatever its version.</summary>
    public static readonly ModelVariant BlindWrite = new() { IsBlind = true };

    /// <summary>What an expired lease held is given back, as if nobody could have used it.</summary>
    public static readonly ModelVariant RefundOnExpiry = new() { Refunds = true };

    /// <summary>What is reported unused is given back whether or not the lease is still there.</summary>
    public static readonly ModelVariant UnfencedReturn = new() { IsUnfenced = true };

    /// <summary>What is borrowed is never written down as a debt.</summary>
    public static readonly ModelVariant UnpaidBorrowing = new() { Borrows = true, Forgives = true };

    public bool IsBlind { get; private init; }

    private bool Refunds { get; init; }

    private bool IsUnfenced { get; init; }

    private bool Forgives { get; init; }

    /// <summary>A day may be exceeded by one, which the next day pays back.</summary>
    public bool Borrows { get; init; }

    public Limits Limits => Borrows ? ModelSearch.LimitsToBorrow : ModelSearch.Limits;

    /// <summary>Calls may use one more than they reserved.</summary>
    public bool Overruns { get; init; }

    public QuotaEntity Advance(QuotaEntity entity, long now)
    {
        foreach (var lease in Refunds ? entity.Leases.Where(l => l.Until <= now) : [])
        {
            entity = entity.Report(lease.Owner, [.. lease.Blocks.Select(b => new BlockReport(b.Number, default, b.Held))], default, Limits);
        }

        return entity.Advance(now);
    }

    public QuotaEntity Exchange(QuotaEntity entity, long now, ulong owner, Turn turn, int calls)
    {
        entity = Advance(entity, now);
        var report = turn.Reports.SingleOrDefault();
        if (IsUnfenced && report.Unused.Requests > 0 && entity.LeaseOf(owner)?.Blocks.Any(b => b.Number == report.Number) is not true)
        {
            entity = entity with { Meters = [.. entity.Meters.Select(m => m.Refund(now, report.Unused.Requests, now))] };
        }

        var claims = Enumerable.Repeat(new Claim([new(0, new(1), default)]), calls).ToList();
        entity = Stoa.Gateway.Quotas.Ledger.Exchange.Of(now, owner, [entity], [turn], claims, ModelSearch.Terms).Entities[0];
        return Forgives ? entity with { Meters = [.. entity.Meters.Select(m => new Meter(m.Dimension, m.Window, [.. m.Charges.Where(c => c.Slot <= m.Window.SlotAt(now))]))] } : entity;
    }
}
