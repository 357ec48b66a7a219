using FsCheck;
using FsCheck.Fluent;
using Stoa.Gateway.Quotas.Ledger;

namespace Stoa.Gateway.Tests.Quotas.Ledger;

public class TransitionsTests
{
    private const long Start = 1_767_225_600_000;
    private const long Minute = 60_000;
    private const long Day = 86_400_000;

    private static readonly LeaseTerms Terms = LeaseTerms.Default;

    [Theory]
    [InlineData((int)Window.Second, 1000)]
    [InlineData((int)Window.Minute, 60_000)]
    [InlineData((int)Window.Hour, 3_600_000)]
    public void No_span_of_a_short_window_holds_more_than_its_limit_wherever_it_begins(int window, long length)
    {
        var limits = Of(Dimension.Tokens, (Window)window, 100);

        // Pauses up to half a window; asks up to the limit; handed out at the last moment at which that is allowed, which is the worst.
        Check.QuickThrowOnFailure(Prop.ForAll<PositiveInt[], PositiveInt[]>((pauses, asks) =>
        {
            var (entity, now, spent) = (QuotaEntity.New, Start, new List<(long At, long Amount)>());
            foreach (var (pause, ask) in pauses.Zip(asks))
            {
                now += pause.Get * (length / 20) % (length / 2);
                entity = entity.Advance(now);
                var need = Math.Min(1 + (ask.Get % 30), entity.Room(limits).Tokens);
                if (need > 0)
                {
                    entity = entity.Grant(Ask(1, spent.Count + 1, need, want: 1000), limits, Terms)!;
                    var block = entity.LeaseOf(1)!.Blocks[^1];
                    spent.AddRange([(now, need), (block.ChargedAt, block.Held.Tokens - need)]);
                }
            }

            return spent.All(first => spent.Where(s => s.At >= first.At && s.At < first.At + length).Sum(s => s.Amount) <= 100);
        }));
    }

    [Fact]
    public void A_day_and_a_month_begin_with_the_calendar_in_utc()
    {
        var limits = new Limits([new(Dimension.Tokens, Window.Day, 10), new(Dimension.Tokens, Window.Month, 25)]);
        var january31 = DateTimeOffset.Parse("2026-01-31T23:59:59.999Z", null).ToUnixTimeMilliseconds();

        var entity = QuotaEntity.New.Advance(january31).Grant(Ask(1, 1, 10), limits, Terms)!;

        Assert.Equal(0, entity.Room(limits).Tokens);
        Assert.Equal(10, entity.Advance(january31 + 1).Room(limits).Tokens);
        Assert.Equal(0, entity.Advance(january31 + 1).Used(Dimension.Tokens, Window.Month));
        Assert.Equal(10, QuotaEntity.New.Advance(january31 - Day).Grant(Ask(1, 1, 10), limits, Terms)!.Advance(january31).Used(Dimension.Tokens, Window.Month));
    }

    [Fact]
    public void What_is_leased_is_charged_to_the_day_in_which_it_may_be_handed_out()
    {
        var limits = Of(Dimension.Tokens, Window.Day, 1000);
        var late = Start + Day - 10;

        var block = QuotaEntity.New.Advance(late).Grant(Ask(1, 1, 1, want: 50), limits, Terms)!.LeaseOf(1)!.Blocks.Single();

        Assert.Equal(new(0, 50), block.Held);
        Assert.Equal(Start + Day - 1, block.ChargedAt);
    }

    [Fact]
    public void Blocks_are_a_tenth_at_most_shrink_with_the_room_and_end_in_the_exact_need()
    {
        var limits = Of(Dimension.Requests, Window.Day, 1000);
        var entity = QuotaEntity.New.Advance(Start);
        var sizes = new List<long>();
        for (var number = 1; entity.Room(limits).Requests > 0; number++)
        {
            entity = entity.Grant(new Ask { Owner = 1, Number = number, Need = new(1), Largest = new(1), Want = new(500) }, limits, Terms)!;
            sizes.Add(entity.LeaseOf(1)!.Blocks[^1].Held.Requests);
        }

        Assert.Equal(101, sizes[0]);
        Assert.Equal(sizes.OrderDescending(), sizes);
        Assert.Equal(1, sizes[^1]);
        Assert.Equal(1000, sizes.Sum());
    }

    [Fact]
    public void A_limit_of_less_than_twenty_calls_is_leased_call_by_call()
    {
        var entity = QuotaEntity.New.Advance(Start).Grant(Ask(1, 1, 500, want: 5000), Of(Dimension.Tokens, Window.Minute, 9999), Terms)!;

        Assert.Equal(500, entity.Used(Dimension.Tokens, Window.Minute));
    }

    [Fact]
    public void A_return_frees_what_was_charged_once_and_only_while_the_lease_is_there()
    {
        var limits = Of(Dimension.Tokens, Window.Day, 100);
        var leased = QuotaEntity.New.Advance(Start).Grant(Ask(1, 1, 60), limits, Terms)!;
        BlockReport[] report = [new(1, new(0, 20), new(0, 40))];

        var returned = leased.Report(1, report, default, limits);
        var again = returned.Report(1, report, default, limits);
        var tooLate = leased.Advance(Start + Terms.Block).Report(1, report, default, limits);
        var ofAnother = leased.Report(2, report, default, limits);

        Assert.Equal(20, returned.Used(Dimension.Tokens, Window.Day));
        Assert.Equal(20, again.Used(Dimension.Tokens, Window.Day));
        Assert.Equal(60, tooLate.Used(Dimension.Tokens, Window.Day));
        Assert.Equal(60, ofAnother.Used(Dimension.Tokens, Window.Day));
    }

    [Fact]
    public void More_is_never_returned_than_was_held()
    {
        var limits = Of(Dimension.Tokens, Window.Day, 100);
        var entity = QuotaEntity.New.Advance(Start).Grant(Ask(1, 1, 30), limits, Terms)!.Grant(Ask(2, 1, 30), limits, Terms)!;

        entity = entity.Report(1, [new(1, new(0, 20), new(0, 40))], default, limits);

        Assert.Equal(50, entity.Used(Dimension.Tokens, Window.Day));
    }

    [Fact]
    public void A_debt_is_carried_into_as_many_windows_as_it_takes()
    {
        var limits = Of(Dimension.MicroUsd, Window.Day, 100);
        var entity = QuotaEntity.New.Advance(Start).Report(1, [], new(0, 0, 250), limits);

        Assert.Equal([-150, -50, 50, 100], Enumerable.Range(0, 4).Select(day => entity.Advance(Start + (day * Day)).Room(limits).MicroUsd));
    }

    [Fact]
    public void A_debt_in_a_short_window_blocks_several_of_them()
    {
        var limits = Of(Dimension.Tokens, Window.Minute, 100);
        var entity = QuotaEntity.New.Advance(Start).Report(1, [], new(0, 150), limits).Report(1, [], new(0, 100), limits);

        Assert.Equal(-150, entity.Room(limits).Tokens);
        Assert.Equal(-50, entity.Advance(Start + Minute + 1000).Room(limits).Tokens);
        Assert.Equal(50, entity.Advance(Start + (2 * Minute) + 1000).Room(limits).Tokens);
    }

    [Fact]
    public void An_expired_lease_stays_charged_and_its_slots_are_free()
    {
        var limits = new Limits([new(Dimension.Requests, Window.Day, 10)], calls: 2);
        var ask = new Ask { Owner = 1, Number = 1, Need = new(4), NeedSlots = new(2) };
        var entity = QuotaEntity.New.Advance(Start).Grant(ask, limits, Terms)!;

        Assert.Equal(0, entity.SlotRoom(limits, 2).Calls);
        Assert.Equal(2, entity.Advance(Start + Terms.Slots).SlotRoom(limits, 2).Calls);
        Assert.NotNull(entity.Advance(Start + Terms.Block - 1).LeaseOf(1));
        Assert.Null(entity.Advance(Start + Terms.Block).LeaseOf(1));
        Assert.Equal(4, entity.Advance(Start + Terms.Block).Used(Dimension.Requests, Window.Day));
    }

    [Fact]
    public void Slots_in_use_are_counted_even_beyond_the_cap()
    {
        var limits = new Limits([], calls: 2);
        var entity = QuotaEntity.New.Advance(Start).Grant(new Ask { Owner = 1, Number = 1, NeedSlots = new(2) }, limits, Terms)!;

        // Paused for too long: its slots went to another, and then it turns out that its calls are still under way.
        entity = entity.Advance(Start + Terms.Slots).Grant(new Ask { Owner = 2, Number = 1, NeedSlots = new(2) }, limits, Terms)!;
        entity = entity.Grant(new Ask { Owner = 1, Number = 2, InUse = new(2) }, limits, Terms)!;

        Assert.Equal(-2, entity.SlotRoom(limits, 3).Calls);
    }

    [Theory]
    [InlineData(-5)]
    [InlineData(5)]
    public void A_clock_that_is_five_minutes_off_charges_nothing_less(int minutes)
    {
        var limits = Of(Dimension.Tokens, Window.Day, 100);
        var entity = QuotaEntity.New.Advance(Start).Grant(Ask(1, 1, 60), limits, Terms)!;

        entity = entity.Advance(Start + (minutes * Minute)).Grant(Ask(2, 1, 40), limits, Terms)!.Advance(Start);

        Assert.Equal(0, entity.Room(limits).Tokens);
        Assert.Equal(Start + Math.Max(0, minutes * Minute), entity.Time);
    }

    [Fact]
    public void A_limit_that_is_new_begins_with_what_is_held()
    {
        var entity = QuotaEntity.New.Advance(Start).Grant(Ask(1, 1, 30), Of(Dimension.Tokens, Window.Day, 100), Terms)!;
        var both = new Limits([new(Dimension.Tokens, Window.Day, 100), new(Dimension.Tokens, Window.Month, 200)]);

        entity = entity.Grant(Ask(2, 1, 10), both, Terms)!.Report(1, [new(1, default, new(0, 30))], default, both);

        Assert.Equal(10, entity.Used(Dimension.Tokens, Window.Month));
    }

    [Fact]
    public void A_ninth_block_is_folded_into_the_oldest_and_still_returned()
    {
        var limits = Of(Dimension.Tokens, Window.Day, 100);
        var entity = QuotaEntity.New.Advance(Start);
        for (var number = 1; number <= 12; number++)
        {
            entity = entity.Grant(Ask(1, number, 5), limits, Terms)!;
        }

        Assert.Equal(QuotaEntity.MostBlocks, entity.LeaseOf(1)!.Blocks.Length);
        entity = entity.Report(1, [.. Enumerable.Range(1, 12).Select(n => new BlockReport(n, default, new(0, 5)))], default, limits);
        Assert.Equal(0, entity.Used(Dimension.Tokens, Window.Day));
        Assert.Empty(entity.LeaseOf(1)!.Blocks);
    }

    [Fact]
    public void A_reset_keeps_what_is_held_and_sets_a_runaway_clock_back()
    {
        var limits = Of(Dimension.Tokens, Window.Day, 100);
        var entity = QuotaEntity.New.Advance(Start).Grant(Ask(1, 1, 60), limits, Terms)!.Report(1, [new(1, new(0, 50), default)], default, limits);

        Assert.Equal(90, entity.Reset(Start, TimeSpan.FromMinutes(10)).Room(limits).Tokens);
        var runaway = entity.Advance(Start + (400 * Day)).Reset(Start, TimeSpan.FromMinutes(10));
        Assert.Equal((Start, 100), (runaway.Time, runaway.Room(limits).Tokens));
    }

    [Fact]
    public void One_instance_too_many_gets_no_lease()
    {
        var limits = Of(Dimension.Requests, Window.Day, 1000);
        var entity = QuotaEntity.New.Advance(Start);
        for (var owner = 1ul; owner <= QuotaEntity.MostLeases; owner++)
        {
            entity = entity.Grant(new Ask { Owner = owner, Number = 1, Need = new(1) }, limits, Terms)!;
        }

        Assert.Null(entity.Grant(new Ask { Owner = 999, Number = 1, Need = new(1) }, limits, Terms));
    }

    private static Limits Of(Dimension dimension, Window window, long amount) => new([new(dimension, window, amount)]);

    private static Ask Ask(ulong owner, long number, long tokens, long want = 0) =>
        new() { Owner = owner, Number = number, Need = new(0, tokens), Largest = new(0, tokens), Want = new(0, want) };
}
