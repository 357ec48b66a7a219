using System.Security.Cryptography;
using Stoa.Gateway.Quotas.Ledger;

namespace Stoa.Gateway.Tests.Quotas.Ledger;

/// <summary>One state of the world that the model checker walks: the stored row, what is still on its way to it, instances, the truth.</summary>
internal sealed class ModelState
{
    public QuotaEntity Stored { get; private set; } = QuotaEntity.New;

    /// <summary>Of the stored row: each write makes the next.</summary>
    public int Version { get; private set; }

    /// <summary>How far time has come, as an index.</summary>
    public int Tick { get; set; }

    public int Crashes { get; set; }

    /// <summary>What calls really used, by the day in which they were admitted.</summary>
    public long[] Used { get; private init; } = new long[2];

    /// <summary>What of that was beyond their reservations.</summary>
    public long Overrun { get; set; }

    public ModelInstance[] Instances { get; private init; } = [];

    /// <summary>The highest fence of any lease of an owner that has ended.</summary>
    public Dictionary<ulong, long> Ended { get; private init; } = [];

    public static ModelState Start(int instances) => new() { Instances = [.. Enumerable.Range(1, instances).Select(i => new ModelInstance { Owner = (ulong)i })] };

    public ModelState Clone() => new()
    {
        Stored = Stored,
        Version = Version,
        Tick = Tick,
        Crashes = Crashes,
        Used = [.. Used],
        Overrun = Overrun,
        Instances = [.. Instances.Select(i => i with { })],
        Ended = new(Ended),
    };

    /// <summary>
    /// Stores the row; says so when a lease that had ended is there again. One that was reaped before its owner learnt of it may be taken
    /// anew under its number: the first stays charged.
    /// </summary>
    public string? Write(QuotaEntity next)
    {
        foreach (var lease in Stored.Leases.Where(l => next.LeaseOf(l.Owner) is null))
        {
            Ended[lease.Owner] = lease.Until <= next.Time ? lease.Fence - 1 : lease.Fence;
        }

        (Stored, Version) = (next, Version + 1);
        return next.Leases.Any(l => Ended.TryGetValue(l.Owner, out var fence) && fence >= l.Fence) ? "A lease that ended is there again." : null;
    }

    /// <summary>
    /// The state without what cannot matter: versions only by whether they are the present one, and of what is out of date nothing that
    /// nobody will act upon.
    /// </summary>
    public UInt128 Fingerprint(bool isBlind)
    {
        using var memory = new MemoryStream(256);
        using var writer = new BinaryWriter(memory);
        writer.Write(EntityCodec.Write(Stored with { Leases = [.. Stored.Leases.OrderBy(l => l.Owner)] }));
        writer.Write((byte)Tick);
        writer.Write((byte)Crashes);
        writer.Write(Used[0]);
        writer.Write(Used[1]);
        writer.Write(Overrun);
        foreach (var instance in Instances)
        {
            instance.Write(writer, Version, isBlind);
        }

        writer.Flush();
        return BitConverter.ToUInt128(SHA256.HashData(memory.GetBuffer().AsSpan(0, (int)memory.Length)).AsSpan(0, 16));
    }
}

/// <summary>An instance of the app: what it has read, what it has sent, what it holds.</summary>
internal sealed record ModelInstance
{
    public required ulong Owner { get; init; }

    public long Number { get; set; }

    /// <summary>What it read and has not acted upon yet.</summary>
    public (QuotaEntity Entity, int Version)? Snapshot { get; set; }

    /// <summary>Sent, and not known to have happened: calls that wait, or a report.</summary>
    public (int Calls, long Used, long Unused, long Debt)? Unresolved { get; set; }

    /// <summary>A write that is still on its way and may arrive at any time.</summary>
    public (QuotaEntity Entity, int Version)? Delayed { get; set; }

    public long Block { get; set; }

    public int Day { get; set; }

    public long Free { get; set; }

    public long InFlight { get; set; }

    public long PendingUsed { get; set; }

    public long PendingUnused { get; set; }

    public long Debt { get; set; }

    public bool Holds => Free + InFlight + PendingUsed + PendingUnused > 0;

    public void Write(BinaryWriter writer, int version, bool isBlind)
    {
        writer.Write((byte)Owner);
        writer.Write((byte)Number);
        var findsWrite = Unresolved is not null && Snapshot?.Entity.LeaseOf(Owner)?.Fence >= Number;
        Write(writer, Snapshot, version, isBlind || findsWrite);
        Write(writer, isBlind || Delayed?.Version == version ? Delayed : null, version, isBlind);
        writer.Write(Unresolved.HasValue);
        var (calls, used, unused, debt) = Unresolved.GetValueOrDefault();
        long[] rest = [calls, used, unused, debt, Block, Day, Free, InFlight, PendingUsed, PendingUnused, Debt];
        foreach (var number in rest)
        {
            writer.Write((sbyte)number);
        }
    }

    private static void Write(BinaryWriter writer, (QuotaEntity Entity, int Version)? message, int version, bool matters)
    {
        writer.Write((byte)(message is null ? 0 : message.Value.Version == version ? 1 : 2));
        if (message is { } known && known.Version != version && matters)
        {
            writer.Write(EntityCodec.Write(known.Entity));
        }
    }
}
