namespace Stoa.Gateway.Tests.Quotas.Ledger;

/// <summary>
/// The proof that leased blocks never overshoot. CI looks at a bounded number of states, nearest to the start first;
/// <c>STOA_MODEL_STATES</c> sets another bound. With a million the search of two instances that each write twice is exhaustive.
/// </summary>
public class ModelTests(ITestOutputHelper output)
{
    private static readonly int MostStates = int.TryParse(Environment.GetEnvironmentVariable("STOA_MODEL_STATES"), out var states) ? states : 25_000;

    [Theory]
    [InlineData(2, 2, 1)]
    [InlineData(2, 3, 1)]
    [InlineData(3, 1, 2)]
    [InlineData(3, 2, 2)]
    public void Instances_that_crash_pause_and_lose_answers_never_overshoot(int instances, int turns, int crashes) =>
        Holds(new(ModelVariant.Real, instances, turns, crashes, MostStates));

    [Fact]
    public void Calls_that_use_more_than_they_reserved_overshoot_by_that_and_no_more() =>
        Holds(new(ModelVariant.Real with { Overruns = true }, 2, mostTurns: 3, mostCrashes: 1, MostStates));

    [Theory]
    [InlineData(2, 2, 1, false)]
    [InlineData(2, 3, 1, false)]
    [InlineData(3, 1, 2, false)]
    [InlineData(2, 3, 1, true)]
    public void What_is_borrowed_is_paid_back_and_exceeds_a_window_by_no_more_than_may_be_borrowed(int instances, int turns, int crashes, bool overruns) =>
        Holds(new(ModelVariant.Real with { Borrows = true, Overruns = overruns }, instances, turns, crashes, MostStates));

    [Fact]
    public void A_loan_that_is_forgotten_is_caught() => Breaks(ModelVariant.UnpaidBorrowing);

    [Fact]
    public void A_blind_write_is_caught() => Breaks(ModelVariant.BlindWrite);

    [Fact]
    public void A_refund_on_expiry_is_caught() => Breaks(ModelVariant.RefundOnExpiry);

    [Fact]
    public void An_unfenced_return_is_caught() => Breaks(ModelVariant.UnfencedReturn);

    private void Holds(ModelSearch search)
    {
        var broken = search.Run();

        output.WriteLine($"{search.States} states, {(search.IsExhaustive ? "all there are" : "not all")}");
        Assert.Null(broken);
    }

    private void Breaks(ModelVariant variant)
    {
        // However few states CI looks at otherwise, these are enough to find the mistake.
        var search = new ModelSearch(variant, 2, mostTurns: 3, mostCrashes: 1, mostStates: 2_000_000);
        var broken = search.Run();

        output.WriteLine($"{search.States} states\n{broken}");
        Assert.NotNull(broken);
    }
}
