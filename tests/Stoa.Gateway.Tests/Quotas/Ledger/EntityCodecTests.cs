using FsCheck;
using FsCheck.Fluent;
using Stoa.Gateway.Quotas.Ledger;
using Stoa.Gateway.Storage;

namespace Stoa.Gateway.Tests.Quotas.Ledger;

public class EntityCodecTests
{
    private const long Now = 1_767_225_600_000;

    private static readonly Limits All = new(
        from dimension in Enum.GetValues<Dimension>() from window in Enum.GetValues<Window>() select new Limit(dimension, window, Amounts.Most));

    [Fact]
    public void What_is_written_reads_the_same() => Check.QuickThrowOnFailure(Prop.ForAll<PositiveInt[], ulong>((amounts, owner) =>
    {
        var entity = QuotaEntity.New.Advance(Now);
        foreach (var amount in amounts)
        {
            var ask = new Ask { Owner = owner + (ulong)(amount.Get % 3), Number = entity.Time, Need = new(1, amount.Get, amount.Get * 1000L), NeedSlots = new(amount.Get % 2) };
            entity = entity.Advance(entity.Time + (amount.Get * 700L)).Grant(ask, All, LeaseTerms.Default)!;
        }

        var bytes = EntityCodec.Write(entity);
        var read = EntityCodec.Read(RowOf(bytes));
        return EntityCodec.Write(read).AsSpan().SequenceEqual(bytes) && read.Time == entity.Time && read.Room(All) == entity.Room(All)
            && read.Leases.Zip(entity.Leases).All(l => l.First with { Blocks = default } == l.Second with { Blocks = default } && l.First.Blocks.SequenceEqual(l.Second.Blocks));
    }));

    [Fact]
    public void The_largest_books_fit_a_row()
    {
        // Every slot of every window charged, and every lease full of blocks of the largest amounts.
        var entity = QuotaEntity.New;
        var most = new Amounts(Amounts.Most / 1024, Amounts.Most / 1024, Amounts.Most / 1024);
        for (var (time, number) = (Now, 1); time < Now + (2 * 3_600_000); time += 50 * (1 + (number % 1200)), number++)
        {
            var ask = new Ask { Owner = ulong.MaxValue - (ulong)(number % 128), Number = number * 1000L, Need = most, NeedSlots = new(1000, 1000) };
            entity = entity.Advance(time).Grant(ask, All, new(long.MaxValue / 4, long.MaxValue / 4))!;
        }

        var full = entity with
        {
            Leases = [.. entity.Leases.Select(l => l with
            {
                Until = Now + 1_000_000_000,
                SlotsUntil = Now + 1_000_000_000,
                Blocks = [.. Enumerable.Range(0, QuotaEntity.MostBlocks).Select(i => new Block(1, Now, new(Amounts.Most, Amounts.Most, Amounts.Most)))],
            })],
        };

        Assert.Equal(QuotaEntity.MostLeases, full.Leases.Length);
        Assert.InRange(EntityCodec.Write(full).Length, 30_000, RowLimits.MaxValueBytes);
    }

    [Fact]
    public void A_row_that_is_cut_short_or_of_another_version_is_refused()
    {
        var bytes = EntityCodec.Write(QuotaEntity.New.Advance(Now).Grant(new Ask { Owner = 7, Number = 1, Need = new(1, 2, 3) }, All, LeaseTerms.Default)!);

        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Null(EntityCodec.TryRead(RowOf(bytes[..length])));
        }

        Assert.Throws<StorageUnavailableException>(() => EntityCodec.Read(RowOf([3, .. bytes[1..]])));
        Assert.Throws<StorageUnavailableException>(() => EntityCodec.Read(RowOf([.. bytes, 0])));
    }

    private static Row RowOf(byte[] bytes) => new("acme", "t", bytes, new("1"));
}
