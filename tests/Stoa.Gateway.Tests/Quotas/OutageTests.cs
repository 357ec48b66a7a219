using Stoa.Gateway.Kernel;
using Stoa.Gateway.Quotas.Ledger;
using Stoa.Gateway.Storage;

namespace Stoa.Gateway.Tests.Quotas;

/// <summary>What the gate does while the books cannot be read.</summary>
public sealed class OutageTests
{
    private const string Open = "whenStorageIsDown: { action: open-with-local-cap, requestsPerMinute: 2 }";

    [Theory]
    [InlineData("requests: { perDay: 10 }")]
    [InlineData("requests: { perDay: 10 }, whenStorageIsDown: closed")]
    public async Task Nothing_passes_uncounted_unless_somebody_says_so(string policy)
    {
        using var bench = GateBench.Limited(policy);
        bench.Store.IsDown = true;

        await Assert.ThrowsAsync<StorageUnavailableException>(() => bench.ReserveAsync(bench.Call(GateBench.Demand(1, 1))));
    }

    [Fact]
    public async Task A_local_cap_lets_so_many_through_each_minute_and_shows_it()
    {
        using var bench = GateBench.Limited($"requests: {{ perDay: 10 }}, tokens: {{ perDay: 1000 }}, {Open}");
        bench.Store.IsDown = true;
        var (first, second) = (bench.Call(GateBench.Demand(1, 900)), bench.Call(GateBench.Demand(1, 900)));

        Assert.Null(await bench.ReserveAsync(first));
        Assert.Null(await bench.ReserveAsync(second));
        var refusal = await bench.ReserveAsync(bench.Call(GateBench.Demand(1, 1)));
        bench.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(("instance-requests-per-minute", 1L), (first.Allowances[0].Name, first.Allowances[0].Remaining));
        Assert.Null(first.OutputBound);
        Assert.Equal((RefusalKind.QuotaExceeded, "instance", "requests_per_minute", 2m), (refusal!.Kind, refusal.Exceeded!.Scope, refusal.Exceeded.Limit, refusal.Exceeded.Allowed));
        Assert.Null(await bench.ReserveAsync(bench.Call(GateBench.Demand(1, 1))));

        // What passed is not on the books, and storage that is back counts again.
        bench.Store.IsDown = false;
        await bench.SettleAsync(first, new(1, 900));
        Assert.Equal(0, await bench.UsedAsync(Dimension.Tokens, Window.Day));
    }

    [Fact]
    public async Task One_policy_that_is_closed_is_enough_to_refuse()
    {
        using var bench = new GateBench(
            GateBench.Doc("QuotaPolicy", "p", $"requests: {{ perDay: 10 }}, {Open}"), GateBench.Doc("QuotaPolicy", "q", "requests: { perDay: 100 }"),
            GateBench.Doc("Consumer", "bot", "quotaPolicyRef: { name: p }"), GateBench.Doc("Tenant", "acme", "quotaPolicyRef: { name: q }"));
        bench.Store.IsDown = true;

        await Assert.ThrowsAsync<StorageUnavailableException>(() => bench.ReserveAsync(bench.Call(GateBench.Demand(1, 1))));
    }

    [Fact]
    public async Task Slow_storage_delays_the_call_that_needs_it_and_none_that_holds_a_lease()
    {
        using var bench = GateBench.Limited("requests: { perDay: 100000 }");
        await bench.UseAsync(GateBench.Demand(1, 1), new(1, 1));
        var gate = new TaskCompletionSource();
        bench.Store.Before = _ => new(gate.Task);

        await bench.UseAsync(GateBench.Demand(1, 1), new(1, 1));
        var waiting = bench.ReserveAsync(bench.Call(GateBench.Demand(1, 1)), bench.Join());

        Assert.False(waiting.IsCompleted);
        gate.SetResult();
        Assert.Null(await bench.WithPausesAsync(waiting));
    }
}
