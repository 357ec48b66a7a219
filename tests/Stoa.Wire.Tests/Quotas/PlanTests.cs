using Stoa.Testing;
using Stoa.Wire.Tests.Manage;
using Stoa.Wire.Tests.Mcp;

namespace Stoa.Wire.Tests.Quotas;

/// <summary>Whose numbers go: the consumer's before its tenant's before its plan's before the default, field by field. By the shipped samples.</summary>
public sealed class PlanTests : IAsyncLifetime
{
    private World _world = null!;
    private string _key = "";

    public async ValueTask InitializeAsync()
    {
        _world = await World.StartAsync(time: new FakeTime());
        await _world.ToolAsync("look", "annotations: { readOnlyHint: true }");
        await _world.ToolAsync("peek", "annotations: { readOnlyHint: true }");
        await _world.ApplyAsync(Given.Consumer("support-assistant", "scopes: [stoa:read]"));
        _key = await _world.IssueKeyAsync("support-assistant");
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task The_tiers_of_the_samples_stand_above_each_other()
    {
        var steps = new List<string> { await LimitsAsync() };
        await SampleAsync("default.yaml");
        steps.Add(await LimitsAsync());
        await SampleAsync("free.yaml", "pro.yaml", "enterprise.yaml");
        await SampleAsync("subscriptions.yaml");
        steps.Add(await LimitsAsync());
        await SubscribeAsync("pro");
        steps.Add(await LimitsAsync());
        await SubscribeAsync("enterprise");
        steps.Add(await LimitsAsync());
        await SampleAsync("acme-override.yaml");
        steps.Add(await LimitsAsync());
        await _world.ApplyAsync(Quota.Policy("tokens: { perMinute: 700 }"), Given.Consumer("support-assistant", $"scopes: [stoa:read]\n{Quota.By}"));
        steps.Add(await LimitsAsync());

        Assert.Equal(["// none", "10000/500000/ 5", "5000/100000/ 2", "50000/2000000/ 20", "200000/10000000/ 100", "500000/50000000/ 200", "700/50000000/ 200"], steps);
    }

    [Fact]
    public async Task A_plan_lets_see_and_call_the_tools_that_it_includes()
    {
        await _world.ApplyAsync(Plan("small", "tools: [lo*]"), Subscription("s", "support-assistant", "small"));

        var listed = await _world.RestAsync(HttpMethod.Get, "/mcp/v1/tools", key: _key);
        var other = await _world.InvokeAsync("peek", key: _key);

        Assert.Equal("look", Assert.Single(listed.Json.GetProperty("tools").EnumerateArray()).GetProperty("name").GetString());
        Assert.Equal((200, 404, "unknown_tool"), ((await _world.InvokeAsync("look", key: _key)).Status, other.Status, other.Json.GetProperty("error").GetString()));
        Assert.Equal(200, (await _world.InvokeAsync("peek")).Status);
        var mcp = await _world.Modern(_key).ListAsync();
        Assert.DoesNotContain("peek", mcp.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tenants_plan_limits_all_its_calls_together_where_its_policy_says_no_number()
    {
        await _world.ApplyAsync(
            Plan("team", "quota: { requests: { perDay: 3, perMonth: 1000 } }"), Quota.Policy("requests: { perMonth: 2000 }", "tenants-own"),
            Given.Tenant("acme", "plan: team\nquotaPolicyRef: { name: tenants-own }"));

        int[] statuses = [(await _world.InvokeAsync("look")).Status, (await _world.InvokeAsync("look", key: _key)).Status, (await _world.InvokeAsync("look")).Status];
        var refused = await _world.InvokeAsync("look", key: _key);
        var usage = await _world.RestAsync(HttpMethod.Get, "/manage/v1/usage?namespace=acme", key: TestGateway.AdminKey);

        Assert.Equal([200, 200, 200], statuses);
        Assert.Equal("429 quota_exceeded tenant requests_per_day 3", refused.Refusal());
        Assert.Equal("3/2000", usage.Used("tenant", per: "month"));
    }

    [Fact]
    public async Task What_limits_the_tenant_is_not_changed_by_its_own_administrator()
    {
        await _world.ApplyAsync(
            Quota.Policy("requests: { perDay: 3 }"), Plan("team", Quota.By), Plan("own", "tools: [look]"), Quota.Policy("requests: { perDay: 9 }", "each"),
            Given.Tenant("acme", "plan: team\nconsumerQuotaPolicyRef: { name: each }"), Given.Consumer("boss", "scopes: [stoa:admin]\nrole: tenant-admin"));
        using var boss = _world.Gateway.ClientFor(await _world.IssueKeyAsync("boss"));

        var reply = await boss.ApplyAsync(string.Join(
            "---\n", Plan("team", "tools: [look]"), Quota.Policy("requests: { perDay: 99 }"), Quota.Policy("requests: { perDay: 99 }", "each"), Plan("own", "tools: []")));

        Assert.Equal("forbidden forbidden forbidden updated", reply.Statuses);
    }

    [Fact]
    public async Task What_others_name_must_exist_and_stays_until_they_let_go()
    {
        var missing = await _world.Gateway.Admin.ApplyAsync(string.Join("---\n", Subscription("s", "nobody", "none"), Plan("p", "quotaPolicyRef: { name: gold }"), Given.Tenant("acme", "plan: none")));
        await _world.ApplyAsync(Plan("small", Quota.By), Quota.Policy("requests: { perDay: 3 }"), Subscription("s", "support-assistant", "small"));

        Assert.Equal("invalid invalid invalid", missing.Statuses);
        Assert.Contains("spec.consumer: There is no Consumer `nobody`", missing.Faults(), StringComparison.Ordinal);
        Assert.Contains("spec.plan: There is no Plan `none`", missing.Faults(), StringComparison.Ordinal);
        Assert.Contains("spec.plan: There is no Plan `none`", missing.Faults(3), StringComparison.Ordinal);
        Assert.Equal("409 conflict: The Plan 'small' is in use by Subscription s. Change or delete those first.", (await _world.Gateway.Admin.RemoveAsync("/manage/v1/plans/small?namespace=acme")).Refusal);
        Assert.Equal(409, (await _world.Gateway.Admin.RemoveAsync("/manage/v1/quotapolicies/small?namespace=acme")).Status);
        Assert.Equal(409, (await _world.Gateway.Admin.RemoveAsync("/manage/v1/consumers/support-assistant?namespace=acme")).Status);
    }

    internal static string Plan(string name, string spec) => Yaml.Document("Plan", $"name: {name}, namespace: acme", $"{{ {spec} }}");

    internal static string Subscription(string name, string consumer, string plan, string more = "") =>
        Yaml.Document("Subscription", $"name: {name}, namespace: acme", $"{{ consumer: {consumer}, plan: {plan}{(more.Length == 0 ? "" : ", " + more)} }}");

    private async Task SampleAsync(params string[] files)
    {
        foreach (var file in files)
        {
            await _world.Gateway.ApplyAsync(await File.ReadAllTextAsync(Repository.PathOf($"samples/plans/{file}"), TestContext.Current.CancellationToken));
        }
    }

    private Task SubscribeAsync(string plan) => _world.ApplyAsync(Subscription("support-assistant-free", "support-assistant", plan));

    /// <summary>Tokens per minute and per day as headers say, and the calls at once as the books do.</summary>
    private async Task<string> LimitsAsync()
    {
        var reply = await _world.InvokeAsync("look", key: _key);
        Assert.Equal(200, reply.Status);
        var usage = await _world.RestAsync(HttpMethod.Get, "/manage/v1/usage?namespace=acme&consumer=support-assistant", key: TestGateway.AdminKey);
        var atOnce = usage.Json.GetProperty("scopes").EnumerateArray().Select(s => s.GetProperty("concurrentRequests").GetProperty("limit").ToString()).FirstOrDefault("none");
        return $"{reply.Header("X-Quota-Tokens-Limit-Minute")}/{reply.Header("X-Quota-Tokens-Limit-Day")}/ {atOnce}";
    }
}
