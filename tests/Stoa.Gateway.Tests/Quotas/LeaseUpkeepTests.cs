using Stoa.Gateway.Quotas;
using Stoa.Gateway.Quotas.Ledger;
using Stoa.Gateway.Storage;
using Stoa.Testing;

namespace Stoa.Gateway.Tests.Quotas;

public sealed class LeaseUpkeepTests : IDisposable
{
    private readonly FakeTime _time = new();
    private readonly QuotaLedger _ledger;
    private readonly LeaseHolder _leases;
    private readonly LeaseUpkeep _upkeep;

    public LeaseUpkeepTests()
    {
        _ledger = new(new MemoryRowStore(), _time, LeaseTerms.Default);
        _leases = new(_ledger, 1, LeaseTerms.Default, _time);
        _upkeep = new(_leases, _time);
    }

    public void Dispose() => _upkeep.Dispose();

    [Fact]
    public void Nothing_ticks_before_the_first_limited_call() => Assert.Equal(0, _time.Timers);

    [Fact]
    public async Task It_ticks_until_everything_is_given_back_and_then_rests()
    {
        var ct = TestContext.Current.CancellationToken;
        var subject = new QuotaSubject("acme--1", [("tenant", new([new(Dimension.Requests, Window.Day, 1000)], calls: 100))]);
        _upkeep.Wake();
        var verdict = await _leases.ReserveAsync(subject, new(new(1), new(1)), ct);
        _leases.Settle(verdict.Reservation, new(1));

        await Eventually.TrueAsync(() => Task.FromResult(IsAtRestASecondLater()), TimeSpan.FromSeconds(60), "nothing is held any more");

        var books = await _ledger.LoadAsync("acme--1", "tenant", ct);
        Assert.Empty(books.Leases);
        Assert.Equal(1, books.Used(Dimension.Requests, Window.Day));
        await Eventually.TrueAsync(() => Task.FromResult(_time.Timers == 0), TimeSpan.FromSeconds(30), "no timer is set");
    }

    [Fact]
    public async Task After_a_drain_it_ticks_no_more()
    {
        await _upkeep.DrainAsync(TestContext.Current.CancellationToken);

        _upkeep.Wake();

        Assert.Equal(0, _time.Timers);
    }

    private bool IsAtRestASecondLater()
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        return !_leases.KnowsScopes;
    }
}
