using Stoa.Testing;
using Stoa.Wire.Tests.Manage;

namespace Stoa.Wire.Tests.Quotas;

/// <summary>Policies as resources, who may loosen them, and the usage API.</summary>
public sealed class QuotaManagementTests : IAsyncLifetime
{
    private const string Small = "requests: { perDay: 2 }";

    private ScriptedUpstream _upstream = null!;
    private TestGateway _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        _upstream = await ScriptedUpstream.StartAsync(Mcp.Given.Ok);
        _gateway = await TestGateway.StartAsync(time: RunningTime.Midday);
        await _gateway.ApplyAsync(Yaml.All(
            Yaml.Tenant(),
            Yaml.Consumer(spec: "{ scopes: [stoa:write] }"),
            Yaml.Consumer("boss", "{ scopes: [stoa:admin], role: tenant-admin }"),
            Yaml.Tool(endpoint: $"{_upstream.Url}hello")));
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    private static string LimitedTenant => Yaml.Tenant(spec: $"{{ {Quota.By} }}");

    private static string LimitedConsumer => Yaml.Consumer(spec: $"{{ scopes: [stoa:write], {Quota.By} }}");

    private async Task<HttpClient> ClientAsync(string consumer) => _gateway.ClientFor(await _gateway.IssueKeyAsync("acme", consumer));

    private static async Task<string> CallAsync(HttpClient client, int times)
    {
        var statuses = new List<int>();
        for (var i = 0; i < times; i++)
        {
            statuses.Add((await client.PostAsync("/mcp/v1/tools/hello/invoke", "{}")).Status);
        }

        return string.Join(' ', statuses);
    }

    [Theory]
    [InlineData("Tenant", "4:25")]
    [InlineData("Consumer", "4:25")]
    [InlineData("Tool", "4:25")]
    public async Task A_policy_that_does_not_exist_is_a_fault_where_it_is_named(string kind, string at)
    {
        var document = $$"""
            apiVersion: gostoa.dev/v1alpha1
            kind: {{kind}}
            metadata: { name: {{(kind == "Tenant" ? "acme" : "thing")}}{{(kind == "Tenant" ? "" : ", namespace: acme")}} }
            spec: { quotaPolicyRef: { name: gold }{{(kind == "Tool" ? ", description: Does., endpoint: 'https://api.example.com/'" : "")}} }
            """;

        var reply = await _gateway.Admin.ApplyAsync(document);

        Assert.Equal("invalid", reply.Statuses);
        Assert.EndsWith("spec.quotaPolicyRef.name: There is no QuotaPolicy `gold`; apply it first, or in the same request.", reply.Faults(), StringComparison.Ordinal);
        Assert.StartsWith(at[..2], reply.Faults(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tenant_and_the_policy_that_it_names_come_in_one_request_in_any_order()
    {
        var reply = await _gateway.Admin.ApplyAsync(Yaml.All(
            Yaml.Tenant("fresh", $"{{ {Quota.By} }}"), Yaml.Consumer("bot", $"{{ {Quota.By} }}", "fresh"), Quota.Policy(Small, tenant: "fresh")));

        Assert.Equal("created created created", reply.Statuses);
    }

    [Fact]
    public async Task A_new_tenant_whose_policy_is_invalid_is_not_made()
    {
        var reply = await _gateway.Admin.ApplyAsync(Yaml.All(Yaml.Tenant("fresh", $"{{ {Quota.By} }}"), Quota.Policy("requests: { perDay: none }", tenant: "fresh")));

        Assert.Equal("invalid invalid", reply.Statuses);
        Assert.Equal(404, (await _gateway.Admin.ReadAsync("/manage/v1/tenants/fresh")).Status);
    }

    [Fact]
    public async Task A_policy_that_limits_nothing_is_refused()
    {
        var reply = await _gateway.Admin.ApplyAsync(Quota.Policy("requests: {}"));

        Assert.Contains("The policy limits nothing", reply.Faults(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_policy_in_use_stays_until_the_last_lets_go()
    {
        await _gateway.ApplyAsync(Yaml.All(Quota.Policy(Small), LimitedTenant, LimitedConsumer));

        var used = await _gateway.Admin.RemoveAsync("/manage/v1/quotapolicies/small?namespace=acme");
        await _gateway.ApplyAsync(Yaml.All(Yaml.Tenant(), Yaml.Consumer()));
        var free = await _gateway.Admin.RemoveAsync("/manage/v1/quotapolicies/small?namespace=acme");

        Assert.Equal("409 conflict: The QuotaPolicy 'small' is in use by Consumer app, Tenant acme. Change or delete those first.", used.Refusal);
        Assert.Equal(204, free.Status);
    }

    [Fact]
    public async Task A_tenants_own_administrator_cannot_loosen_what_limits_the_tenant()
    {
        await _gateway.ApplyAsync(Yaml.All(Quota.Policy(Small), LimitedTenant));
        using var boss = await ClientAsync("boss");

        var loosened = await boss.ApplyAsync(Quota.Policy("requests: { perDay: 1000000 }"));
        var own = await boss.ApplyAsync(Quota.Policy("requests: { perDay: 7 }", "mine"));
        var reset = await boss.PostAsync("/manage/v1/usage/reset?namespace=acme");

        Assert.Equal(("forbidden", "created"), (loosened.Statuses, own.Statuses));
        Assert.StartsWith("403 role_required", reset.Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rollback_brings_no_looser_limit_back_and_leaves_none_missing()
    {
        await _gateway.ApplyAsync(Yaml.All(Quota.Policy("requests: { perDay: 1000 }"), Quota.Policy(Small, "gone"), LimitedTenant));
        await _gateway.ApplyAsync(Yaml.Tool("hello", $"{_upstream.Url}hello", "quotaPolicyRef: { name: gone }"));
        var wide = (await _gateway.Admin.ReadAsync("/manage/v1/tenants/acme/revisions")).Body.GetProperty("revisions")[0].GetProperty("revision").GetInt64();
        await _gateway.ApplyAsync(Yaml.All(Quota.Policy(Small), Yaml.Tool(endpoint: $"{_upstream.Url}hello")));
        Assert.Equal(204, (await _gateway.Admin.RemoveAsync("/manage/v1/quotapolicies/gone?namespace=acme")).Status);

        var rolled = await _gateway.Admin.PostAsync("/manage/v1/tenants/acme/rollback", $"{{\"revision\":{wide}}}");

        Assert.Equal(200, rolled.Status);
        Assert.Equal(["gone", "small"], (await _gateway.Admin.ReadAsync("/manage/v1/quotapolicies?namespace=acme")).Names);
        using var app = await ClientAsync("app");
        Assert.Equal("200 200 429", await CallAsync(app, 3));
    }

    [Fact]
    public async Task Usage_shows_every_scope_and_a_reset_lets_calls_in_again()
    {
        await _gateway.ApplyAsync(Yaml.All(
            Quota.Policy(Small), Quota.Policy("requests: { perDay: 5 }, tokens: { perMonth: 1000 }, maxConcurrentRequests: 3", "large"),
            Yaml.Tenant(spec: "{ quotaPolicyRef: { name: large } }"), LimitedConsumer,
            Yaml.Tool("hello", $"{_upstream.Url}hello", "rateLimit: 100/min")));
        using var app = await ClientAsync("app");
        Assert.Equal("200 200 429", await CallAsync(app, 3));

        var all = await UsageAsync("");
        var one = await UsageAsync("&consumer=app");
        var reset = await _gateway.Admin.PostAsync("/manage/v1/usage/reset?namespace=acme&consumer=app");

        Assert.Equal(["tenant", "consumer", "tool"], all.Json.GetProperty("scopes").EnumerateArray().Select(s => s.GetProperty("scope").GetString()));
        Assert.Equal("2/5 2/2", $"{all.Used("tenant", per: "day")} {all.Used("consumer", per: "day")}");
        Assert.Equal("app", Assert.Single(one.Json.GetProperty("scopes").EnumerateArray()).GetProperty("name").GetString());
        Assert.Equal("""{"namespace":"acme","reset":["consumer:app"]}""", reset.Text);
        // An instance remembers a refusal for 200 ms.
        await Eventually.TrueAsync(async () => await CallAsync(app, 1) == "200", TimeSpan.FromSeconds(30), "calls are let in again");
    }

    [Fact]
    public async Task Usage_of_nobody_is_not_found_and_needs_a_role()
    {
        using var app = await ClientAsync("app");

        Assert.Equal(404, (await _gateway.Admin.ReadAsync("/manage/v1/usage?namespace=acme&consumer=nobody")).Status);
        Assert.Equal(404, (await _gateway.Admin.ReadAsync("/manage/v1/usage?namespace=nowhere")).Status);
        Assert.Equal(403, (await app.ReadAsync("/manage/v1/usage")).Status);
        Assert.Equal(403, (await app.PostAsync("/manage/v1/usage/reset?consumer=app")).Status);
    }

    private async Task<Mcp.Reply> UsageAsync(string query)
    {
        var reply = await _gateway.Admin.ReadAsync("/manage/v1/usage?namespace=acme" + query);
        Assert.Equal(200, reply.Status);
        return new(reply.Status, new Dictionary<string, string>(), reply.Text);
    }
}
