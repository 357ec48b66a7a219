using Stoa.Testing;
using Stoa.Wire.Tests.Manage;

namespace Stoa.Wire.Tests.Quotas;

/// <summary>The life of a subscription, and what calls see of it.</summary>
public sealed class SubscriptionTests : IAsyncLifetime
{
    private const string Path = "/manage/v1/subscriptions/app-pro";

    private readonly FakeTime _time = new();
    private readonly Stoa.Gateway.GatewayPorts _ports = TestGateway.InMemory();
    private ScriptedUpstream _upstream = null!;
    private TestGateway _gateway = null!;
    private HttpClient _app = null!;

    public async ValueTask InitializeAsync()
    {
        _upstream = await ScriptedUpstream.StartAsync(Mcp.Given.Ok);
        _gateway = await TestGateway.StartAsync(ports: _ports, time: _time);
        await _gateway.ApplyAsync(Yaml.All(Yaml.Tenant(), Yaml.Consumer(spec: "{ scopes: [stoa:write] }"), Yaml.Tool(endpoint: $"{_upstream.Url}hello")));
        _app = _gateway.ClientFor(await _gateway.IssueKeyAsync("acme", "app"));
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task From_pending_to_active_to_suspended_and_back_to_revoked()
    {
        await _gateway.ApplyAsync(Yaml.All(PlanTests.Plan("pro", "requiresApproval: true"), Subscription()));
        var pending = await CallAsync();
        var approved = await DoAsync("approve");
        var active = await CallAsync();
        var suspended = await DoAsync("suspend", """{"reason":"Unpaid."}""");
        var stopped = await CallAsync();
        var resumed = await DoAsync("resume");
        var again = await CallAsync();
        var revoked = await DoAsync("revoke");
        var ended = await CallAsync();

        Assert.Equal("403 subscription_inactive: This consumer's subscription to the plan 'pro' is pending. The tenant's administrator has to approve it.", pending.Refusal);
        Assert.Equal(
            ["200 active", "200 suspended Unpaid.", "200 active", "200 revoked"], new[] { approved, suspended, resumed, revoked }.Select(StateOf));
        Assert.Equal((200, 200), (active.Status, again.Status));
        Assert.StartsWith("403 subscription_inactive: This consumer's subscription to the plan 'pro' is suspended.", stopped.Refusal, StringComparison.Ordinal);
        Assert.StartsWith("403 subscription_inactive: This consumer's subscription to the plan 'pro' is revoked. A new subscription is needed", ended.Refusal, StringComparison.Ordinal);
        Assert.Equal(2, _upstream.Requests.Count);
    }

    [Fact]
    public async Task Another_instance_stops_calls_within_the_staleness_that_is_allowed()
    {
        await _gateway.ApplyAsync(Yaml.All(PlanTests.Plan("pro", ""), Subscription()));
        await using var other = await TestGateway.StartAsync(ports: _ports, time: _time);
        using var app = other.ClientFor(_app.DefaultRequestHeaders.Authorization!.Parameter);
        Assert.Equal(200, (await CallAsync(app)).Status);

        await DoAsync("suspend");
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(403, (await CallAsync(app)).Status);
    }

    [Fact]
    public async Task What_is_over_stays_over_and_a_new_one_begins_anew()
    {
        await _gateway.ApplyAsync(Yaml.All(PlanTests.Plan("pro", ""), Subscription()));
        await DoAsync("revoke");

        var resumed = await DoAsync("resume");
        var applied = await _gateway.Admin.ApplyAsync(Subscription(more: "state: active"));
        var same = await _gateway.Admin.ApplyAsync(Subscription());
        await _gateway.ApplyAsync(PlanTests.Subscription("app-pro-2", "app", "pro"));

        Assert.StartsWith("409 conflict: The Subscription 'app-pro' is revoked", resumed.Refusal, StringComparison.Ordinal);
        Assert.EndsWith("spec.state: The Subscription is revoked, which is final; make a new one.", applied.Faults(), StringComparison.Ordinal);
        Assert.Equal("unchanged", same.Statuses);
        Assert.Equal(200, (await CallAsync()).Status);
    }

    [Theory]
    [InlineData("pending", "suspended")]
    [InlineData("pending", "expired")]
    [InlineData("active", "pending")]
    [InlineData("suspended", "expired")]
    [InlineData("expired", "active")]
    public async Task A_state_that_cannot_follow_is_refused_where_it_is_written(string from, string to)
    {
        await _gateway.ApplyAsync(Yaml.All(PlanTests.Plan("pro", ""), Subscription(more: $"state: {from}")));

        Assert.Contains("spec.state: ", (await _gateway.Admin.ApplyAsync(Subscription(more: $"state: {to}"))).Faults(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_runs_out_without_a_write()
    {
        await _gateway.ApplyAsync(Yaml.All(PlanTests.Plan("pro", ""), Subscription(more: "expiresAt: '2026-01-03T00:00:00Z'")));
        var before = await CallAsync();
        _time.Advance(TimeSpan.FromDays(2));

        var after = await CallAsync();
        var stored = await _gateway.Admin.ReadAsync($"{Path}?namespace=acme");
        var resumed = await DoAsync("suspend");
        await _gateway.ApplyAsync(PlanTests.Subscription("app-pro-2", "app", "pro"));

        Assert.Equal(200, before.Status);
        Assert.StartsWith("403 subscription_inactive: This consumer's subscription to the plan 'pro' is expired.", after.Refusal, StringComparison.Ordinal);
        Assert.Equal(("active", 409), (stored.Body.GetProperty("spec").GetProperty("state").GetString(), resumed.Status));
        Assert.Equal(200, (await CallAsync()).Status);
    }

    [Fact]
    public async Task A_trial_ends_with_402_and_not_sooner_by_being_applied_again()
    {
        await _gateway.ApplyAsync(Yaml.All(PlanTests.Plan("pro", "trial: { days: 30 }"), PlanTests.Plan("paid", ""), Subscription()));
        _time.Advance(TimeSpan.FromDays(29));
        var again = await _gateway.Admin.ApplyAsync(Subscription());
        var last = await CallAsync();
        _time.Advance(TimeSpan.FromDays(1));

        var refused = await CallAsync();
        await _gateway.ApplyAsync(PlanTests.Subscription("app-pro", "app", "paid"));

        Assert.Equal(("unchanged", 200), (again.Statuses, last.Status));
        Assert.Equal("402 trial_expired: This consumer's trial of the plan 'pro' has ended. Ask the tenant's administrator for a plan.", refused.Refusal);
        Assert.Equal(200, (await CallAsync()).Status);
    }

    [Fact]
    public async Task Who_has_none_is_served_unless_the_tenant_asks_for_one()
    {
        var without = await CallAsync();
        await _gateway.ApplyAsync(Yaml.Tenant(spec: "{ requireSubscription: true }"));
        var refused = await CallAsync();
        await _gateway.ApplyAsync(Yaml.All(PlanTests.Plan("pro", ""), Subscription()));

        Assert.Equal(200, without.Status);
        Assert.StartsWith("403 subscription_inactive: This consumer has no subscription", refused.Refusal, StringComparison.Ordinal);
        Assert.Equal(200, (await CallAsync()).Status);
    }

    [Fact]
    public async Task A_consumer_has_one_at_a_time()
    {
        await _gateway.ApplyAsync(Yaml.All(PlanTests.Plan("pro", ""), Subscription()));

        var second = await _gateway.Admin.ApplyAsync(PlanTests.Subscription("another", "app", "pro"));

        Assert.EndsWith("spec.consumer: The Consumer `app` has the Subscription `app-pro`; change its plan, or revoke it first.", second.Faults(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rollback_revives_nothing()
    {
        await _gateway.ApplyAsync(Yaml.All(PlanTests.Plan("pro", ""), Subscription()));
        var revision = (await _gateway.Admin.ReadAsync("/manage/v1/tenants/acme/revisions")).Body.GetProperty("revisions")[0].GetProperty("revision").GetInt64();
        await DoAsync("revoke");

        Assert.Equal(200, (await _gateway.Admin.PostAsync("/manage/v1/tenants/acme/rollback", $"{{\"revision\":{revision}}}")).Status);

        Assert.Equal(403, (await CallAsync()).Status);
    }

    [Fact]
    public async Task Only_administrators_move_it_and_only_their_own_tenants()
    {
        await _gateway.ApplyAsync(Yaml.All(PlanTests.Plan("pro", ""), Subscription()));

        Assert.Equal(403, (await _app.PostAsync($"{Path}/suspend")).Status);
        Assert.Equal(404, (await _gateway.Admin.PostAsync("/manage/v1/subscriptions/none/suspend?namespace=acme")).Status);
        Assert.Equal(400, (await _gateway.Admin.PostAsync($"{Path}/suspend?namespace=acme", "[]")).Status);
        Assert.Equal(200, (await CallAsync()).Status);
    }

    private static string Subscription(string more = "") => PlanTests.Subscription("app-pro", "app", "pro", more);

    private static string StateOf(Reply reply)
    {
        var spec = reply.Body.GetProperty("spec");
        return $"{reply.Status} {spec.GetProperty("state")} {(spec.TryGetProperty("reason", out var reason) ? reason.GetString() : "")}".TrimEnd();
    }

    private Task<Reply> DoAsync(string what, string? body = null) => _gateway.Admin.PostAsync($"{Path}/{what}?namespace=acme", body);

    private Task<Reply> CallAsync(HttpClient? client = null) => (client ?? _app).PostAsync("/mcp/v1/tools/hello/invoke", "{}");
}
