using Stoa.Gateway.Kernel;
using Stoa.Gateway.Quotas.Ledger;

namespace Stoa.Gateway.Tests.Quotas;

/// <summary>Calls of models at the gate: what they reserve, what they are charged, and how the bound of their output comes about.</summary>
public sealed class ModelQuotaTests
{
    [Fact]
    public async Task A_call_reserves_input_and_output_and_is_charged_what_it_used()
    {
        using var bench = GateBench.Limited("tokens: { perDay: 1000 }, requests: { perDay: 10 }, budget: { usdPerDay: 1 }");
        var call = bench.Call(GateBench.Demand(100, 400));

        Assert.Null(await bench.ReserveAsync(call));
        Assert.Equal(400, call.OutputBound);
        await bench.SettleAsync(call, new(90, 50));

        Assert.Equal(
            (140, 1, 190),
            (await bench.UsedAsync(Dimension.Tokens, Window.Day), await bench.UsedAsync(Dimension.Requests, Window.Day), await bench.UsedAsync(Dimension.MicroUsd, Window.Day)));
    }

    [Fact]
    public async Task Without_a_limit_of_tokens_or_money_there_is_no_bound()
    {
        using var bench = GateBench.Limited("requests: { perDay: 10 }");
        var call = bench.Call(GateBench.Demand(100, 400, usdPerMillion: null));

        Assert.Null(await bench.ReserveAsync(call));
        Assert.Null(call.OutputBound);
        Assert.True(await bench.Gate.TopUpAsync(call, 400, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_output_is_lowered_to_what_there_is_room_for()
    {
        using var bench = GateBench.Limited("tokens: { perDay: 1000 }");
        await bench.UseAsync(GateBench.Demand(100, 800), new(100, 700));
        var call = bench.Call(GateBench.Demand(50, 400, least: 64));

        Assert.Null(await bench.ReserveAsync(call));
        Assert.Equal(150, call.OutputBound);
        await bench.SettleAsync(call, new(50, 150));
        Assert.Equal(1000, await bench.UsedAsync(Dimension.Tokens, Window.Day));
    }

    [Fact]
    public async Task But_not_below_the_least_that_is_of_use()
    {
        using var bench = GateBench.Limited("tokens: { perDay: 1000 }");
        await bench.UseAsync(GateBench.Demand(100, 800), new(100, 800));

        var refusal = await bench.ReserveAsync(bench.Call(GateBench.Demand(50, 400, least: 64)));

        Assert.Equal((RefusalKind.QuotaExceeded, "tokens_per_day", 1000m), (refusal!.Kind, refusal.Exceeded!.Limit, refusal.Exceeded.Allowed));
        Assert.Equal(TimeSpan.FromDays(1), refusal.RetryAfter);
        Assert.Equal(900, await bench.UsedAsync(Dimension.Tokens, Window.Day));
    }

    [Fact]
    public async Task The_output_is_lowered_to_what_the_budget_has_left()
    {
        // 10 USD per million in, 20 out.
        using var bench = GateBench.Limited("budget: { usdPerDay: 0.01 }");
        var call = bench.Call(GateBench.Demand(100, 4000, least: 16, usdPerMillion: 10));

        Assert.Null(await bench.ReserveAsync(call));

        Assert.Equal((10_000 - 1000) / 20, call.OutputBound);
    }

    [Fact]
    public async Task A_spent_budget_is_said_to_be_spent_with_the_time_of_its_renewal_and_no_Retry_After()
    {
        using var bench = GateBench.Limited("budget: { usdPerDay: 0.01 }");
        await bench.UseAsync(GateBench.Demand(100, 450, usdPerMillion: 10), new(100, 450));

        var refusal = await bench.ReserveAsync(bench.Call(GateBench.Demand(100, 400, least: 16, usdPerMillion: 10)));

        Assert.Equal((RefusalKind.BudgetExceeded, "usd_per_day", 0.01m), (refusal!.Kind, refusal.Exceeded!.Limit, refusal.Exceeded.Allowed));
        Assert.Null(refusal.RetryAfter);
        Assert.Equal(bench.Time.GetUtcNow().AddDays(1), refusal.Exceeded.ResetAt);
        Assert.Equal("This consumer has a budget of 0.01 USD per day, and the 0.00 USD that are left of it are not enough for this call. It is renewed at 2026-01-02T00:00:00Z.", refusal.Message);
    }

    [Fact]
    public async Task A_model_without_a_price_is_refused_where_money_is_limited()
    {
        using var bench = GateBench.Limited("budget: { usdPerMonth: 5 }");

        Assert.Equal(RefusalKind.PriceUnknown, (await bench.ReserveAsync(bench.Call(GateBench.Demand(10, 10, usdPerMillion: null))))!.Kind);
    }

    [Fact]
    public async Task The_limit_of_one_request_refuses_a_long_input_and_lowers_the_output()
    {
        using var bench = GateBench.Limited("tokens: { maxPerRequest: 100 }");
        var fitting = bench.Call(GateBench.Demand(60, 400, least: 16));

        var refusal = await bench.ReserveAsync(bench.Call(GateBench.Demand(90, 400, least: 16)));

        Assert.Null(await bench.ReserveAsync(fitting));
        Assert.Equal("tokens_per_request", (await bench.ReserveAsync(bench.Call(arguments: $"{{\"text\":\"{new string('x', 400)}\"}}")))!.Exceeded!.Limit);
        Assert.Equal(40, fitting.OutputBound);
        Assert.Equal(("tokens_per_request", 100m, null), (refusal!.Exceeded!.Limit, refusal.Exceeded.Allowed, refusal.Exceeded.ResetAt));
        Assert.Null(refusal.RetryAfter);
    }

    [Fact]
    public async Task A_call_that_was_refused_later_or_failed_without_use_gets_everything_back()
    {
        using var bench = GateBench.Limited("tokens: { perDay: 1000 }, requests: { perDay: 10 }");
        var (failed, refused) = (bench.Call(GateBench.Demand(10, 10)), bench.Call(GateBench.Demand(10, 10)));
        Assert.Null(await bench.ReserveAsync(failed));
        Assert.Null(await bench.ReserveAsync(refused));

        await bench.SettleAsync(failed, default, isError: true);
        refused.Refusal = new(RefusalKind.PolicyDenied, "No.");
        await bench.Gate.SettleAsync(refused);

        Assert.Equal((0, 0), (await bench.UsedAsync(Dimension.Tokens, Window.Day), await bench.UsedAsync(Dimension.Requests, Window.Day)));
    }

    [Fact]
    public async Task A_call_of_which_nothing_is_known_is_charged_whole()
    {
        using var bench = GateBench.Limited("tokens: { perDay: 1000 }");
        var call = bench.Call(GateBench.Demand(10, 90));
        Assert.Null(await bench.ReserveAsync(call));

        await bench.Gate.SettleAsync(call);

        Assert.Equal(100, await bench.UsedAsync(Dimension.Tokens, Window.Day));
    }

    [Fact]
    public async Task What_was_used_beyond_the_reservation_is_a_debt_and_never_forgotten()
    {
        using var bench = GateBench.Limited("tokens: { perDay: 1000 }");
        await bench.UseAsync(GateBench.Demand(500, 500), new(500, 700));

        Assert.NotNull(await bench.ReserveAsync(bench.Call(GateBench.Demand(1, 1))));
        Assert.Equal(1200, await bench.UsedAsync(Dimension.Tokens, Window.Day));
    }

    [Fact]
    public async Task A_stream_at_its_bound_gets_more_while_there_is_more_and_ends_when_there_is_not()
    {
        var ct = TestContext.Current.CancellationToken;
        using var bench = GateBench.Limited("tokens: { perDay: 1000 }");
        var other = bench.Call(GateBench.Demand(100, 600));
        Assert.Null(await bench.ReserveAsync(other));
        var call = bench.Call(GateBench.Demand(100, 900, least: 16, isStream: true));
        Assert.Null(await bench.ReserveAsync(call));
        Assert.Equal(200, call.OutputBound);

        Assert.False(await bench.Gate.TopUpAsync(call, 200, ct));
        await bench.SettleAsync(other, new(100, 100));
        Assert.True(await bench.Gate.TopUpAsync(call, 200, ct));
        Assert.Equal(700, call.OutputBound);
        Assert.False(await bench.Gate.TopUpAsync(call, 700, ct));
        await bench.SettleAsync(call, new(100, 700));

        Assert.Equal(1000, await bench.UsedAsync(Dimension.Tokens, Window.Day));
    }

    [Fact]
    public async Task Fifty_at_once_against_room_for_ten_admit_exactly_ten()
    {
        using var bench = GateBench.Limited("tokens: { perMonth: 5000 }, budget: { usdPerMonth: 100 }");
        var second = bench.Join();
        var calls = Enumerable.Range(0, 50).Select(_ => bench.Call(GateBench.Demand(100, 400, least: 400))).ToArray();

        var deciding = Task.WhenAll(calls.Select((call, i) => Task.Run(() => bench.ReserveAsync(call, i % 2 == 0 ? bench.Gate : second))));
        var refusals = await bench.WithPausesAsync(deciding);

        Assert.Equal(10, refusals.Count(r => r is null));
        Assert.All(refusals.OfType<Refusal>(), r => Assert.Equal("tokens_per_month", r.Exceeded!.Limit));
    }

    [Fact]
    public async Task A_third_stream_is_refused_and_its_place_is_free_as_soon_as_one_ends()
    {
        using var bench = GateBench.Limited("maxConcurrentStreams: 2, maxConcurrentRequests: 10");
        Call[] streams = [.. Enumerable.Range(0, 3).Select(_ => bench.Call(GateBench.Demand(1, 1, isStream: true)))];
        Assert.Null(await bench.ReserveAsync(streams[0]));
        Assert.Null(await bench.ReserveAsync(streams[1]));

        var refusal = await bench.ReserveAsync(streams[2]);
        Assert.Null(await bench.ReserveAsync(bench.Call(GateBench.Demand(1, 1))));
        await bench.Gate.SettleAsync(streams[0]);

        Assert.Equal(("concurrent_streams", 2m), (refusal!.Exceeded!.Limit, refusal.Exceeded.Allowed));
        Assert.Null(await bench.ReserveAsync(bench.Call(GateBench.Demand(1, 1, isStream: true))));
    }

    [Fact]
    public async Task The_places_of_a_crashed_instance_are_free_after_a_minute()
    {
        using var bench = GateBench.Limited("maxConcurrentStreams: 1");
        Assert.Null(await bench.ReserveAsync(bench.Call(GateBench.Demand(1, 1, isStream: true)), bench.Join()));
        Assert.NotNull(await bench.ReserveAsync(bench.Call(GateBench.Demand(1, 1, isStream: true))));

        // The first instance's upkeep would renew them; a crashed one has none.
        bench.Crash(1);
        bench.Time.Advance(TimeSpan.FromSeconds(61));
        Assert.Null(await bench.ReserveAsync(bench.Call(GateBench.Demand(1, 1, isStream: true))));
    }

    [Fact]
    public async Task Streams_tools_and_models_weigh_what_the_policy_says()
    {
        using var bench = GateBench.Limited("requests: { perDay: 1000 }, weights: { stream: 10, tools: { export_*: 7, export_all: 20 }, models: { gpt-4o*: 3 } }");
        Call[] calls =
        [
            bench.Call(GateBench.Demand(1, 1)), bench.Call(GateBench.Demand(1, 1, isStream: true)), bench.Call(GateBench.Demand(1, 1), "gpt-4o-mini"),
            bench.Call(GateBench.Demand(1, 1, isStream: true), "gpt-4o"), bench.Call(target: "export_one"), bench.Call(target: "export_all"), bench.Call(target: "look"),
        ];
        foreach (var call in calls)
        {
            Assert.Null(await bench.ReserveAsync(call));
            call.Answer = Answer.Local;
            await bench.Gate.SettleAsync(call);
        }

        Assert.Equal(1 + 10 + 3 + 30 + 7 + 20 + 1, await bench.UsedAsync(Dimension.Requests, Window.Day));
    }

    [Fact]
    public async Task A_heavy_call_that_does_not_fit_does_not_keep_light_ones_out()
    {
        using var bench = GateBench.Limited("requests: { perDay: 9 }, weights: { stream: 10 }");

        var refusal = await bench.ReserveAsync(bench.Call(GateBench.Demand(1, 1, isStream: true)));

        Assert.Null(refusal!.RetryAfter);
        Assert.Null(await bench.ReserveAsync(bench.Call(GateBench.Demand(1, 1))));
    }

    [Fact]
    public async Task Each_window_refuses_with_its_own_time_and_leaves_the_others_as_they_are()
    {
        (string Policy, string Limit, TimeSpan Wait)[] windows =
        [
            ("tokens: { perMinute: 100, perDay: 100000 }", "tokens_per_minute", TimeSpan.FromSeconds(61)),
            ("tokens: { perHour: 100, perDay: 100000 }", "tokens_per_hour", TimeSpan.FromMinutes(61)),
            ("tokens: { perDay: 100, perMonth: 100000 }", "tokens_per_day", TimeSpan.FromDays(1)),
            ("tokens: { perMonth: 100, perDay: 100000 }", "tokens_per_month", TimeSpan.FromDays(31)),
        ];
        foreach (var (policy, limit, wait) in windows)
        {
            using var bench = GateBench.Limited(policy);
            await bench.UseAsync(GateBench.Demand(50, 50), new(50, 50));

            var refusal = await bench.ReserveAsync(bench.Call(GateBench.Demand(50, 50)));

            Assert.Equal((limit, wait, bench.Time.GetUtcNow() + wait), (refusal!.Exceeded!.Limit, refusal.RetryAfter, refusal.Exceeded.ResetAt));
            Assert.Equal(100, await bench.UsedAsync(Dimension.Tokens, policy.Contains("perMonth: 100000", StringComparison.Ordinal) ? Window.Month : Window.Day));
            bench.Time.Advance(wait);
            Assert.Null(await bench.ReserveAsync(bench.Call(GateBench.Demand(50, 50))));
        }
    }

    [Fact]
    public async Task A_call_may_take_as_long_as_the_narrowest_policy_says()
    {
        using var bench = new GateBench(
            GateBench.Doc("QuotaPolicy", "p", "maxRequestDuration: 90s"), GateBench.Doc("QuotaPolicy", "q", "maxRequestDuration: 2m, requests: { perDay: 5 }"),
            GateBench.Doc("Consumer", "bot", "quotaPolicyRef: { name: p }"), GateBench.Doc("Tenant", "acme", "quotaPolicyRef: { name: q }"));
        var call = bench.Call(GateBench.Demand(1, 1));

        Assert.Null(await bench.ReserveAsync(call));

        Assert.Equal(TimeSpan.FromSeconds(90), call.MaxDuration);
    }
}
