using Stoa.Gateway.Quotas.Ledger;

namespace Stoa.Gateway.Tests.Quotas.Ledger;

/// <summary>A window that may be exceeded, and how later windows pay.</summary>
public class BorrowingTests
{
    private const long Start = 1_767_225_600_000;
    private const long Day = 86_400_000;

    private static readonly LeaseTerms Terms = LeaseTerms.Default;

    [Fact]
    public void A_day_may_be_exceeded_and_the_next_has_so_much_less()
    {
        var limits = Of(Window.Day, TimeSpan.FromHours(1));
        var entity = Take(QuotaEntity.New.Advance(Start), limits, 1, 120)!;

        Assert.Equal(0, entity.Room(limits).Tokens);
        entity = entity.Advance(Start + Day);
        Assert.Equal((20, 100), (entity.Used(Dimension.Tokens, Window.Day), entity.Room(limits).Tokens));

        // The second day borrows again what it pays back, so that any number of days is over by no more than once.
        entity = Take(entity, limits, 2, 100)!;
        Assert.Equal(0, entity.Room(limits).Tokens);
        entity = Take(entity.Advance(Start + (2 * Day)), limits, 3, 60)!.Advance(Start + (3 * Day));
        Assert.Equal((0, 120), (entity.Used(Dimension.Tokens, Window.Day), entity.Room(limits).Tokens));
    }

    [Fact]
    public void It_is_paid_back_in_equal_parts_over_the_payback_time()
    {
        var limits = Of(Window.Day, TimeSpan.FromDays(4));
        var entity = Take(QuotaEntity.New.Advance(Start), limits, 1, 118)!;

        var owed = new List<long>();
        for (var day = 1; day <= 5; day++)
        {
            entity = entity.Advance(Start + (day * Day));
            owed.Add(entity.Used(Dimension.Tokens, Window.Day));
        }

        Assert.Equal([18, 13, 8, 4, 0], owed);
    }

    [Fact]
    public void In_a_sliding_window_too_and_not_for_ever()
    {
        var limits = Of(Window.Minute, TimeSpan.FromMinutes(2));
        var entity = Take(QuotaEntity.New.Advance(Start), limits, 1, 120)!;

        Assert.Null(Take(entity.Advance(Start + 59_000), limits, 2, 1));
        entity = Take(entity.Advance(Start + 62_000), limits, 3, 100)!;
        Assert.Null(Take(entity.Advance(Start + 62_000), limits, 4, 1));
        Assert.Equal(120, entity.Advance(Start + (10 * 60_000)).Room(limits).Tokens);
    }

    [Fact]
    public void What_comes_back_unused_is_first_taken_off_what_is_owed()
    {
        var limits = Of(Window.Day, TimeSpan.FromHours(1));
        var entity = Take(QuotaEntity.New.Advance(Start), limits, 1, 120)!.Report(1, [new(1, new(0, 105), new(0, 15))], default, limits);

        Assert.Equal(105, entity.Used(Dimension.Tokens, Window.Day));
        Assert.Equal(5, entity.Advance(Start + Day).Used(Dimension.Tokens, Window.Day));
    }

    [Fact]
    public void What_comes_back_after_its_window_lightens_no_other()
    {
        var limits = Of(Window.Day, TimeSpan.FromHours(1));
        var entity = Take(QuotaEntity.New.Advance(Start + Day - 1000), limits, 1, 120)!.Advance(Start + Day).Report(1, [new(1, default, new(0, 120))], default, limits);

        Assert.Equal(20, entity.Used(Dimension.Tokens, Window.Day));
    }

    [Fact]
    public void Nothing_is_borrowed_in_store()
    {
        var limits = new Limits([new(Dimension.Tokens, Window.Day, 1000)]) { Borrow = new(100, TimeSpan.FromDays(1)) };
        var entity = Take(QuotaEntity.New.Advance(Start), limits, 1, 995)!;

        entity = entity.Grant(new Ask { Owner = 2, Number = 1, Need = new(0, 10), Largest = new(0, 10), Want = new(0, 500) }, limits, Terms)!;

        Assert.Equal(10, entity.LeaseOf(2)!.Blocks[0].Held.Tokens);
    }

    private static Limits Of(Window window, TimeSpan payback) => new([new(Dimension.Tokens, window, 100)]) { Borrow = new(20, payback) };

    /// <summary>Each by an owner of its own; null when there is no room.</summary>
    private static QuotaEntity? Take(QuotaEntity entity, Limits limits, ulong owner, long tokens) => tokens > entity.Room(limits).Tokens ? null
        : entity.Grant(new Ask { Owner = owner, Number = 1, Need = new(0, tokens), Largest = new(0, tokens) }, limits, Terms);
}
