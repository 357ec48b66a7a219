using Stoa.Testing;
using Stoa.Wire.Tests.Mcp;

namespace Stoa.Wire.Tests.Quotas;

/// <summary>Limits end to end on one gateway: whose they are, what they count, when they let go.</summary>
public sealed class LimitTests : IAsyncLifetime
{
    private readonly FakeTime _time = new();
    private World _world = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await World.StartAsync(time: _time);
        await _world.ToolAsync("look", "annotations: { readOnlyHint: true }");
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private async Task<int> CallAsync(string tool = "look", string? key = "") => (await _world.InvokeAsync(tool, key: key)).Status;

    [Fact]
    public async Task A_consumer_is_stopped_at_its_limit_and_let_in_again_when_the_window_has_passed()
    {
        await _world.LimitAgentAsync("requests: { perMinute: 3 }");

        int[] first = [await CallAsync(), await CallAsync(), await CallAsync(), await CallAsync()];
        _time.Advance(TimeSpan.FromSeconds(62));

        Assert.Equal([200, 200, 200, 429], first);
        Assert.Equal(200, await CallAsync());
        Assert.Equal(4, _world.Upstream.Requests.Count);
    }

    [Fact]
    public async Task Another_consumer_under_the_same_policy_has_an_allowance_of_its_own()
    {
        await _world.LimitAgentAsync("requests: { perMinute: 1 }");
        await _world.ApplyAsync(Given.Consumer("reader", Quota.By));

        int[] statuses = [await CallAsync(), await CallAsync(), await CallAsync(key: _world.ReaderKey), await CallAsync(key: _world.ReaderKey)];
        Assert.Equal([200, 429, 200, 429], statuses);
    }

    [Fact]
    public async Task All_consumers_of_a_tenant_share_its_limit()
    {
        await _world.ApplyAsync(Quota.Policy("requests: { perDay: 3 }"), Given.Tenant("acme", Quota.By));

        int[] statuses = [await CallAsync(), await CallAsync(key: _world.ReaderKey), await CallAsync(), await CallAsync(key: _world.ReaderKey)];
        var refused = await _world.InvokeAsync("look");

        Assert.Equal([200, 200, 200, 429], statuses);
        Assert.Equal("429 quota_exceeded tenant requests_per_day 3", refused.Refusal());
    }

    [Fact]
    public async Task Another_tenant_is_not_concerned()
    {
        await _world.ToolAsync("look", tenant: "other");
        await _world.ApplyAsync(Quota.Policy("requests: { perDay: 1 }"), Given.Tenant("acme", Quota.By));

        int[] statuses = [await CallAsync(), await CallAsync(), await CallAsync(key: _world.OtherKey), await CallAsync(key: _world.OtherKey)];
        Assert.Equal([200, 429, 200, 200], statuses);
    }

    [Fact]
    public async Task Tools_that_name_one_policy_share_it_and_others_do_not()
    {
        await _world.ApplyAsync(Quota.Policy("requests: { perHour: 2 }"));
        await _world.ToolAsync("left", Quota.By);
        await _world.ToolAsync("right", Quota.By);

        int[] statuses = [await CallAsync("left"), await CallAsync("right"), await CallAsync("left"), await CallAsync("right"), await CallAsync()];
        Assert.Equal([200, 200, 429, 429, 200], statuses);
    }

    [Fact]
    public async Task A_tools_own_rate_goes_for_all_callers_and_its_burst_for_each_second()
    {
        await _world.ToolAsync("rated", "annotations: { readOnlyHint: true }\nrateLimit: { requestsPerMinute: 3, burst: 2 }");

        int[] first = [await CallAsync("rated"), await CallAsync("rated", _world.ReaderKey)];
        var burst = await _world.InvokeAsync("rated");
        _time.Advance(TimeSpan.FromSeconds(1.1));
        var third = await CallAsync("rated");
        var rate = await _world.InvokeAsync("rated");

        Assert.Equal([200, 200, 200], [.. first, third]);
        Assert.Equal("429 quota_exceeded tool requests_per_second 2", burst.Refusal());
        Assert.Equal("429 quota_exceeded tool requests_per_minute 3", rate.Refusal());
    }

    [Fact]
    public async Task A_call_that_one_scope_refuses_costs_nothing_in_the_others()
    {
        await _world.ApplyAsync(Quota.Policy("requests: { perMinute: 1 }"), Quota.Policy("requests: { perMinute: 5 }", "large"), Given.Tenant("acme", "quotaPolicyRef: { name: large }"));
        await _world.ToolAsync("once", Quota.By);

        int[] statuses = [await CallAsync("once"), await CallAsync("once"), await CallAsync("once"), await CallAsync("once"), await CallAsync("once")];
        Assert.Equal([200, 429, 429, 429, 429], statuses);

        int[] others = [await CallAsync(), await CallAsync(), await CallAsync(), await CallAsync(), await CallAsync()];
        Assert.Equal([200, 200, 200, 200, 429], others);
    }

    [Fact]
    public async Task A_call_with_invalid_arguments_costs_nothing()
    {
        await _world.ToolAsync("strict", Given.CityInput);
        await _world.LimitAgentAsync("requests: { perMinute: 1 }");

        int[] statuses = [await CallAsync("strict"), await CallAsync("strict")];
        Assert.Equal([400, 400], statuses);

        Assert.Equal(200, (await _world.InvokeAsync("strict", """{"city":"Bern"}""")).Status);
    }

    [Fact]
    public async Task A_long_answer_is_a_debt_that_keeps_later_calls_out_until_it_is_paid()
    {
        _world.UpstreamAnswers(e => e.AnswerJsonAsync($"\"{new string('x', 958)}\""));
        await _world.LimitAgentAsync("tokens: { perMinute: 100 }");

        // 960 bytes are 240 tokens, and the arguments one: three windows' worth.
        var first = await CallAsync();
        await Eventually.TrueAsync(async () => (await UsageAsync()).Used("consumer", "tokens") == "241/100", TimeSpan.FromSeconds(30), "the debt is on the books");
        var refused = await _world.InvokeAsync("look");
        _time.Advance(TimeSpan.FromSeconds(65));
        var stillOwing = await CallAsync();
        _time.Advance(TimeSpan.FromSeconds(130));

        int[] statuses = [first, stillOwing, await CallAsync()];
        Assert.Equal([200, 429, 200], statuses);
        Assert.Equal("429 quota_exceeded consumer tokens_per_minute 100", refused.Refusal());
    }

    [Fact]
    public async Task A_call_that_alone_is_larger_than_a_limit_is_told_so_and_not_to_come_back()
    {
        await _world.LimitAgentAsync("tokens: { perMinute: 10 }");

        var refused = await _world.InvokeAsync("look", $$"""{"text":"{{new string('x', 100)}}"}""");

        Assert.Equal("429 quota_exceeded consumer tokens_per_minute 10", refused.Refusal());
        Assert.Null(refused.Header("Retry-After"));
        Assert.Contains("Send less in one call.", refused.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_more_calls_than_allowed_are_under_way_and_a_place_is_free_as_soon_as_one_ends()
    {
        var entered = new TaskCompletionSource();
        var mayEnd = new TaskCompletionSource();
        _world.UpstreamAnswers(async e =>
        {
            entered.TrySetResult();
            await mayEnd.Task;
            await Given.Ok(e);
        });
        await _world.LimitAgentAsync("maxConcurrentRequests: 1");

        var first = CallAsync();
        await entered.Task;
        var second = await _world.InvokeAsync("look");
        mayEnd.SetResult();

        Assert.Equal(200, await first);
        Assert.Equal(("429 quota_exceeded consumer concurrent_requests 1", "1"), (second.Refusal(), second.Header("Retry-After")));
        Assert.Equal(200, await CallAsync());
    }

    [Fact]
    public async Task A_heavy_tool_counts_as_many_requests_in_answers_and_usage()
    {
        await _world.ToolAsync("export_all", "annotations: { readOnlyHint: true }");
        await _world.LimitAgentAsync("requests: { perDay: 30 }, weights: { tools: { export_*: 20 } }");

        int[] statuses = [await CallAsync("export_all"), await CallAsync("export_all"), await CallAsync()];

        Assert.Equal([200, 429, 200], statuses);
        Assert.Equal("21/30", (await UsageAsync()).Used("consumer", "requests", "day"));
    }

    [Fact]
    public async Task A_tool_may_take_no_longer_than_its_callers_policy_says()
    {
        var mayEnd = new TaskCompletionSource();
        _world.UpstreamAnswers(_ => mayEnd.Task);
        await _world.LimitAgentAsync("maxRequestDuration: 5s");

        var calling = _world.InvokeAsync("look");
        await Eventually.TrueAsync(() => Task.FromResult(_world.Upstream.Requests.Count == 1), TimeSpan.FromSeconds(30), "the tool is asked");
        _time.Advance(TimeSpan.FromSeconds(5));
        var reply = await calling;
        mayEnd.SetResult();

        Assert.Contains("did not answer in time", reply.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_policy_goes_for_the_next_call()
    {
        await _world.LimitAgentAsync("requests: { perMinute: 1 }");
        int[] narrow = [await CallAsync(), await CallAsync()];
        await _world.LimitAgentAsync("requests: { perMinute: 3 }");
        int[] wide = [await CallAsync(), await CallAsync(), await CallAsync()];
        await _world.ApplyAsync(Given.Consumer("agent", "scopes: [stoa:write]"));

        int[] statuses = [.. narrow, .. wide, await CallAsync()];
        Assert.Equal([200, 429, 200, 200, 429, 200], statuses);
    }

    private Task<Reply> UsageAsync() => _world.RestAsync(HttpMethod.Get, "/manage/v1/usage?namespace=acme", key: TestGateway.AdminKey);
}
