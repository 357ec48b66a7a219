using Stoa.Gateway.Tools.Resilience;
using Stoa.Testing;

namespace Stoa.Gateway.Tests.Tools;

/// <summary>When a breaker opens, and what closes it again.</summary>
public sealed class BreakerTests
{
    private static readonly TimeSpan OpenFor = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(60);
    private readonly FakeTime _time = new();

    [Fact]
    public void The_last_of_so_many_failures_within_the_window_opens_it()
    {
        var breaker = Breaker(failures: 3);
        Fail(breaker, 2);
        Assert.True(breaker.IsClosed);
        Fail(breaker);

        Assert.False(breaker.TryEnter(out _, out var wait));
        Assert.Equal(OpenFor, wait);
        Assert.Equal(new(BreakerPhase.Open, _time.GetUtcNow() + OpenFor), breaker.State);
    }

    [Fact]
    public void Failures_older_than_the_window_do_not_count()
    {
        var breaker = Breaker(failures: 3);
        Fail(breaker, 2);
        _time.Advance(Window + TimeSpan.FromMilliseconds(1));
        Fail(breaker, 2);
        Assert.True(breaker.IsClosed);
        Fail(breaker);
        Assert.False(breaker.IsClosed);
    }

    [Fact]
    public void A_busy_endpoint_with_a_few_errors_stays_open_to_calls()
    {
        var breaker = Breaker(failures: 2);
        for (var i = 0; i < 20; i++)
        {
            Fail(breaker);
            Succeed(breaker);
            Succeed(breaker);
        }

        Assert.True(breaker.IsClosed);
    }

    [Fact]
    public async Task After_its_time_exactly_one_of_fifty_is_let_through()
    {
        var breaker = Opened();
        _time.Advance(OpenFor);
        Assert.Equal(BreakerPhase.HalfOpen, breaker.State.Phase);

        var entered = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => breaker.TryEnter(out var permit, out var wait) ? (true, permit.IsProbe) : (false, wait > TimeSpan.Zero))));

        Assert.Single(entered, e => e.Item1);
        Assert.All(entered, e => Assert.True(e.Item2));
    }

    [Fact]
    public void A_probe_that_succeeds_closes_it_and_forgets_the_past()
    {
        var breaker = Opened(failures: 2);
        _time.Advance(OpenFor);
        Succeed(breaker);
        Assert.True(breaker.IsClosed);
        Fail(breaker);
        Assert.True(breaker.IsClosed);
    }

    [Fact]
    public void A_probe_that_fails_opens_it_anew()
    {
        var breaker = Opened();
        _time.Advance(OpenFor);
        Fail(breaker);

        Assert.False(breaker.TryEnter(out _, out var wait));
        Assert.Equal(OpenFor, wait);
    }

    [Fact]
    public void A_probe_that_says_nothing_leaves_its_place_to_the_next()
    {
        var breaker = Opened();
        _time.Advance(OpenFor);
        Assert.True(breaker.TryEnter(out var first, out _));
        Assert.False(breaker.TryEnter(out _, out _));
        breaker.Abandoned(first);

        Assert.True(breaker.TryEnter(out var second, out _));
        Assert.True(second.IsProbe);
    }

    [Fact]
    public void What_an_attempt_from_before_the_opening_brings_decides_nothing()
    {
        var breaker = Breaker(failures: 1);
        Assert.True(breaker.TryEnter(out var slow, out _));
        Assert.True(breaker.TryEnter(out var late, out _));
        Fail(breaker);
        breaker.Succeeded(slow);
        Assert.False(breaker.IsClosed);

        _time.Advance(OpenFor);
        Assert.True(breaker.TryEnter(out var probe, out _));
        breaker.Failed(late);
        Assert.Equal(BreakerPhase.HalfOpen, breaker.State.Phase);
        breaker.Succeeded(probe);
        Assert.True(breaker.IsClosed);
    }

    [Fact]
    public void A_hint_opens_it_for_as_long_as_it_says_but_never_beyond_its_own_time()
    {
        var brief = Breaker();
        brief.Hint(_time.GetUtcNow() + TimeSpan.FromSeconds(4));
        Assert.Equal(_time.GetUtcNow() + TimeSpan.FromSeconds(4), brief.State.OpenUntil);

        var endless = Breaker();
        endless.Hint(_time.GetUtcNow() + TimeSpan.FromDays(400));
        Assert.Equal(_time.GetUtcNow() + OpenFor, endless.State.OpenUntil);
        _time.Advance(TimeSpan.FromSeconds(10));
        endless.Hint(_time.GetUtcNow() + OpenFor);
        Assert.Equal(_time.GetUtcNow() + TimeSpan.FromSeconds(20), endless.State.OpenUntil);
    }

    [Fact]
    public void A_hint_of_the_past_and_one_for_a_tool_without_a_breaker_do_nothing()
    {
        var breaker = Breaker();
        breaker.Hint(_time.GetUtcNow());
        Assert.True(breaker.IsClosed);

        var off = Breaker(failures: 1, enabled: false);
        off.Hint(_time.GetUtcNow() + OpenFor);
        Fail(off, 10);
        Assert.True(off.IsClosed);
    }

    private Breaker Breaker(int failures = 5, bool enabled = true) => new(new CircuitBreakerSpec(enabled, failures, Window, OpenFor), _time);

    private Breaker Opened(int failures = 1)
    {
        var breaker = Breaker(failures);
        Fail(breaker, failures);
        return breaker;
    }

    private static void Fail(Breaker breaker, int times = 1)
    {
        for (var i = 0; i < times; i++)
        {
            Assert.True(breaker.TryEnter(out var permit, out _));
            breaker.Failed(permit);
        }
    }

    private static void Succeed(Breaker breaker)
    {
        Assert.True(breaker.TryEnter(out var permit, out _));
        breaker.Succeeded(permit);
    }
}
