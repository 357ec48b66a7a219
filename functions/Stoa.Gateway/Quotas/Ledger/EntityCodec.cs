using System.Collections.Immutable;
using Stoa.Gateway.Storage;

namespace Stoa.Gateway.Quotas.Ledger;

/// <summary>
/// A scope's books as a row: a version byte, then LEB128 numbers, times relative to the scope's clock. Version 1, which is still read, lacks the
/// time until which a meter has been warned of. A few hundred bytes as a rule; at
/// its most (128 leases of 8 blocks, every slot of every window charged) it stays below the 60,000 that a row may hold.
/// </summary>
internal static class EntityCodec
{
    private const byte Version = 2;
    private const byte WithoutWarnings = 1;

    public static byte[] Write(QuotaEntity entity)
    {
        var bytes = new List<byte>(256) { Version };
        Put(bytes, entity.Time);
        Put(bytes, entity.Meters.Length);
        foreach (var meter in entity.Meters)
        {
            bytes.Add((byte)meter.Dimension);
            bytes.Add((byte)meter.Window);
            Put(bytes, Math.Max(0, meter.WarnedUntil - entity.Time));
            Put(bytes, meter.Charges.Length);
            var last = 0L;
            foreach (var charge in meter.Charges)
            {
                Put(bytes, charge.Slot - last);
                Put(bytes, charge.Amount);
                last = charge.Slot;
            }
        }

        Put(bytes, entity.Leases.Length);
        foreach (var lease in entity.Leases)
        {
            Write(bytes, lease, entity.Time);
        }

        return [.. bytes];
    }

    /// <summary>Fails closed: a row that cannot be read is storage at fault, and no call is admitted on it.</summary>
    public static QuotaEntity Read(Row row) => TryRead(row) ?? throw new StorageUnavailableException(
        $"The quota row '{row.Partition}/{row.Key}' cannot be read by this version. Reset the quota, or upgrade every instance.");

    /// <summary>Null when it is damaged or of another version.</summary>
    public static QuotaEntity? TryRead(Row row)
    {
        try
        {
            return row.Value.Span is [Version or WithoutWarnings, .. var rest] ? Read(rest, hasWarnings: row.Value.Span[0] == Version) : null;
        }
        catch (Exception e) when (e is IndexOutOfRangeException or ArgumentOutOfRangeException or OverflowException)
        {
            return null;
        }
    }

    private static QuotaEntity Read(ReadOnlySpan<byte> bytes, bool hasWarnings)
    {
        var time = Take(ref bytes);
        var meters = new Meter[Count(ref bytes, Amounts.Dimensions * 5)];
        for (var i = 0; i < meters.Length; i++)
        {
            var (dimension, window) = ((Dimension)bytes[0], (Window)bytes[1]);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes[0], (byte)Dimension.MicroUsd);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes[1], (byte)Window.Month);
            bytes = bytes[2..];
            var warnedUntil = hasWarnings && Take(ref bytes) is > 0 and var left ? time + left : 0;
            var charges = new Charge[Count(ref bytes, 10_000)];
            var slot = 0L;
            for (var j = 0; j < charges.Length; j++)
            {
                slot += Take(ref bytes);
                charges[j] = new(slot, Take(ref bytes));
            }

            meters[i] = new(dimension, window, ImmutableArray.Create(charges), warnedUntil);
        }

        var leases = new Lease[Count(ref bytes, QuotaEntity.MostLeases)];
        for (var i = 0; i < leases.Length; i++)
        {
            leases[i] = ReadLease(ref bytes, time);
        }

        return bytes.IsEmpty ? new(time, [.. meters], [.. leases]) : throw new ArgumentOutOfRangeException(nameof(bytes));
    }

    private static void Write(List<byte> bytes, Lease lease, long time)
    {
        for (var shift = 0; shift < 64; shift += 8)
        {
            bytes.Add((byte)(lease.Owner >> shift));
        }

        Put(bytes, lease.Fence);
        PutSigned(bytes, lease.Until - time);
        PutSigned(bytes, lease.SlotsUntil - time);
        Put(bytes, lease.Slots.Calls);
        Put(bytes, lease.Slots.Streams);
        Put(bytes, lease.Blocks.Length);
        foreach (var block in lease.Blocks)
        {
            Put(bytes, lease.Fence - block.Number);
            PutSigned(bytes, block.ChargedAt - time);
            Put(bytes, block.Held.Requests);
            Put(bytes, block.Held.Tokens);
            Put(bytes, block.Held.MicroUsd);
        }
    }

    private static Lease ReadLease(ref ReadOnlySpan<byte> bytes, long time)
    {
        var owner = 0ul;
        for (var i = 0; i < 8; i++)
        {
            owner |= (ulong)bytes[i] << (8 * i);
        }

        bytes = bytes[8..];
        var fence = Take(ref bytes);
        var until = time + TakeSigned(ref bytes);
        var slotsUntil = time + TakeSigned(ref bytes);
        var slots = new Slots(checked((int)Take(ref bytes)), checked((int)Take(ref bytes)));
        var blocks = new Block[Count(ref bytes, QuotaEntity.MostBlocks)];
        for (var i = 0; i < blocks.Length; i++)
        {
            var number = fence - Take(ref bytes);
            blocks[i] = new(number, time + TakeSigned(ref bytes), new(Take(ref bytes), Take(ref bytes), Take(ref bytes)));
        }

        return new(owner, fence, until, slotsUntil, slots, ImmutableArray.Create(blocks));
    }

    private static void Put(List<byte> bytes, long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        bytes.Add((byte)value);
    }

    private static void PutSigned(List<byte> bytes, long value) => Put(bytes, value < 0 ? (-value * 2) - 1 : value * 2);

    private static long Take(ref ReadOnlySpan<byte> bytes)
    {
        var value = 0L;
        for (var shift = 0; ; shift += 7)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(shift, 56);
            var next = bytes[0];
            bytes = bytes[1..];
            value |= (long)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }

    private static long TakeSigned(ref ReadOnlySpan<byte> bytes)
    {
        var value = Take(ref bytes);
        return (value & 1) is 0 ? value / 2 : -((value + 1) / 2);
    }

    private static int Count(ref ReadOnlySpan<byte> bytes, int most)
    {
        var count = Take(ref bytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, most);
        return (int)count;
    }
}
