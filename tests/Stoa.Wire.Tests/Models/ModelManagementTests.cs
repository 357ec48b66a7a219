using System.Text.Json;
using Stoa.Testing;
using Stoa.Wire.Tests.Manage;

namespace Stoa.Wire.Tests.Models;

/// <summary>Providers and routes in the management API: what may be applied, changed and deleted by whom, and what it tells of them.</summary>
public sealed class ModelManagementTests : IAsyncLifetime
{
    private const string Plain = "{ type: openai, auth: { secretRef: { name: crm, key: key } } }";
    private const string Lent = "{ type: azure-openai, baseUrl: 'https://contoso.openai.azure.com', auth: { managedIdentity: true } }";

    private TestGateway _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        _gateway = await TestGateway.StartAsync(
            ports: TestGateway.InMemory() with { ReadIdentityToken = static _ => throw new InvalidOperationException("Nobody asks for it here.") });
        await _gateway.ApplyAsync(Yaml.All(Yaml.Tenant(), Yaml.Consumer("boss", "{ scopes: [stoa:admin], role: tenant-admin }"), Yaml.Consumer("reader", "{ role: viewer }"), Yaml.Secret()));
    }

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    [Fact]
    public async Task A_provider_and_its_route_are_applied_in_any_order_and_need_their_secret()
    {
        var good = await _gateway.Admin.ApplyAsync(Yaml.All(Route("smart", "p"), Provider("p", Plain)));
        var lost = await _gateway.Admin.ApplyAsync(Yaml.All(Provider("q", "{ type: openai, auth: { secretRef: { name: gone, key: key } } }"), Route("other", "q"), Provider("r", "{ type: openai, auth: { secretRef: { name: crm, key: other } } }")));

        Assert.Equal("created created", good.Statuses);
        Assert.Equal("invalid invalid invalid", lost.Statuses);
        Assert.EndsWith("There is no Secret `gone` in this tenant; apply it first, or in the same request.", lost.Faults(1), StringComparison.Ordinal);
        Assert.EndsWith("There is no LlmProvider `q` in this tenant; apply it first, or in the same request.", lost.Faults(2), StringComparison.Ordinal);
        Assert.EndsWith("The Secret `crm` has no key `other`.", lost.Faults(3), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_named_by_others_stays()
    {
        await _gateway.ApplyAsync(Yaml.All(
            Provider("p", Plain), Yaml.Document("QuotaPolicy", "name: q, namespace: acme", "{ requests: { perMinute: 5 } }"),
            Yaml.Document("LlmRoute", "name: smart, namespace: acme", "{ targets: [{ provider: p }], quotaPolicyRef: { name: q } }")));

        Assert.Equal("409 conflict: The Secret 'crm' is in use by LlmProvider p. Change or delete those first.", (await RemoveAsync("secrets/crm")).Refusal);
        Assert.Equal("409 conflict: The LlmProvider 'p' is in use by LlmRoute smart. Change or delete those first.", (await RemoveAsync("llmproviders/p")).Refusal);
        Assert.Equal("409 conflict: The QuotaPolicy 'q' is in use by LlmRoute smart. Change or delete those first.", (await RemoveAsync("quotapolicies/q")).Refusal);
        Assert.Contains("LlmProvider p uses the key `key`", (await _gateway.Admin.ApplyAsync(Yaml.Secret(data: "{ other: hunter2-hunter2 }"))).Faults());
        Assert.Equal((204, 204, 204), ((await RemoveAsync("llmroutes/smart")).Status, (await RemoveAsync("llmproviders/p")).Status, (await RemoveAsync("secrets/crm")).Status));
    }

    [Fact]
    public async Task No_two_routes_have_the_same_model()
    {
        await _gateway.ApplyAsync(Yaml.All(Provider("p", Plain), Route("a", "p", ", models: [gpt-4o, 'gpt-*']")));

        var same = await _gateway.Admin.ApplyAsync(Yaml.All(Route("b", "p", ", models: [x, gpt-4o]"), Route("c", "p", ", models: ['gpt-*']"), Route("gpt-4o", "p"), Route("d", "p", ", models: ['gpt-4*']"), Route("e", "p", ", models: [gpt-4o], enabled: false")));

        Assert.Equal("invalid invalid invalid created created", same.Statuses);
        Assert.EndsWith("spec.models: The LlmRoute `a` has the model `gpt-4o` already; take it away there first, or earlier in the same request.", same.Faults(1), StringComparison.Ordinal);
        Assert.Contains("metadata.name: The LlmRoute `a`", same.Faults(3));
        Assert.Equal("updated created", (await _gateway.Admin.ApplyAsync(Yaml.All(Route("a", "p", ", models: ['gpt-*']"), Route("b", "p", ", models: [gpt-4o]")))).Statuses);
    }

    [Fact]
    public async Task The_gateways_identity_is_lent_by_the_platform_only()
    {
        using var boss = _gateway.ClientFor(await _gateway.IssueKeyAsync("acme", "boss"));

        var refused = await boss.ApplyAsync(Provider("azure", Lent));
        await _gateway.ApplyAsync(Provider("azure", Lent));
        var again = await boss.ApplyAsync(Provider("azure", Lent));
        var turned = await boss.ApplyAsync(Provider("azure", Lent.Replace("contoso", "attacker", StringComparison.Ordinal)));

        Assert.Equal(("forbidden", "unchanged", "forbidden"), (refused.Statuses, again.Statuses, turned.Statuses));
        Assert.Contains("spec.auth.managedIdentity: This lends the gateway's own identity", refused.Faults());
    }

    [Fact]
    public async Task A_rollback_lends_nothing_again()
    {
        using var boss = _gateway.ClientFor(await _gateway.IssueKeyAsync("acme", "boss"));
        await _gateway.ApplyAsync(Yaml.All(Provider("azure", Lent), Provider("p", Plain), Route("smart", "azure")));
        await _gateway.ApplyAsync(Yaml.All(Provider("azure", Lent.Replace("managedIdentity: true", "secretRef: { name: crm, key: key }", StringComparison.Ordinal))));

        var first = await boss.PostAsync("/manage/v1/tenants/acme/rollback", """{"revision":2}""");
        Assert.Equal(200, first.Status);
        Assert.Equal(404, (await boss.ReadAsync("/manage/v1/llmproviders/azure")).Status);
        Assert.Equal((200, 200), ((await boss.ReadAsync("/manage/v1/llmproviders/p")).Status, (await boss.ReadAsync("/manage/v1/llmroutes/smart")).Status));
        Assert.Equal("[]", (await boss.ReadAsync("/manage/v1/llm/status")).Body.GetProperty("routes")[0].GetProperty("targets").GetRawText());
    }

    [Fact]
    public async Task Without_an_identity_there_is_none_to_lend()
    {
        await using var plain = await TestGateway.StartAsync();
        await plain.ApplyAsync(Yaml.Tenant());

        Assert.Contains("This gateway has no Azure identity to lend", (await plain.Admin.ApplyAsync(Provider("azure", Lent))).Faults());
    }

    [Fact]
    public async Task Status_tells_what_is_there_and_no_secrets()
    {
        await _gateway.ApplyAsync(Yaml.All(Provider("p", Plain), Provider("off", "{ type: mistral, enabled: false }"), Route("smart", "p", ", models: [smart, 'gpt-4o*'], strategy: weighted", "gpt-4o")));
        using var reader = _gateway.ClientFor(await _gateway.IssueKeyAsync("acme", "reader"));

        var status = await reader.ReadAsync("/manage/v1/llm/status");
        var providers = await reader.ReadAsync("/manage/v1/llm/providers");
        var breakers = await reader.ReadAsync("/manage/v1/llm/breakers");
        var costs = await reader.ReadAsync("/manage/v1/llm/costs?window=7d");

        Assert.Equal("""{"total":2,"enabled":1,"healthy":0,"failing":0}""", status.Body.GetProperty("providers").GetRawText());
        Assert.Equal(
            """{"name":"smart","models":["smart","gpt-4o*"],"strategy":"weighted","enabled":true,"targets":[{"provider":"p","model":"gpt-4o","weight":1,"conditional":false}]}""",
            status.Body.GetProperty("routes")[0].GetRawText());
        var p = providers.Body.GetProperty("providers")[1];
        Assert.Equal(("p", "openai", "https://api.openai.com/v1", "secret"), (Text(p, "name"), Text(p, "type"), Text(p, "baseUrl"), Text(p, "auth")));
        Assert.Equal("""{"model":"gpt-4o","breaker":"closed","price":{"input":2.5,"output":10,"cacheRead":1.25}}""", p.GetProperty("models")[0].GetRawText());
        Assert.DoesNotContain("hunter2", providers.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("crm", providers.Text, StringComparison.Ordinal);
        Assert.Equal("[]", breakers.Body.GetProperty("breakers").GetRawText());
        Assert.Equal(0, costs.Body.GetProperty("total").GetProperty("calls").GetInt64());
        Assert.Equal(404, (await _gateway.Admin.ReadAsync("/manage/v1/llm/status?namespace=nobody")).Status);
        Assert.Equal(400, (await _gateway.Admin.ReadAsync("/manage/v1/llm/costs?namespace=acme&window=x")).Status);
        Assert.Contains("GET /manage/v1/usage sums by more", (await _gateway.Admin.ReadAsync("/manage/v1/llm/costs?namespace=acme&by=consumer")).Body.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_probe_is_sent_when_it_is_asked_for_and_only_by_who_may_change_things()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(static exchange => exchange.AnswerJsonAsync("""{"data":[]}"""));
        await _gateway.ApplyAsync(Provider("p", $"{{ type: openai, baseUrl: '{upstream.Url}v1', auth: {{ secretRef: {{ name: crm, key: key }} }} }}"));
        using var boss = _gateway.ClientFor(await _gateway.IssueKeyAsync("acme", "boss"));
        using var reader = _gateway.ClientFor(await _gateway.IssueKeyAsync("acme", "reader"));
        Assert.Empty(upstream.Requests);

        var denied = await reader.PostAsync("/manage/v1/llm/providers/p/probe");
        var reply = await boss.PostAsync("/manage/v1/llm/providers/p/probe");
        var unknown = await boss.PostAsync("/manage/v1/llm/providers/nope/probe");

        Assert.Equal((403, 200, 404), (denied.Status, reply.Status, unknown.Status));
        Assert.Equal((true, 200), (reply.Body.GetProperty("healthy").GetBoolean(), reply.Body.GetProperty("status").GetInt32()));
        Assert.Equal(("/v1/models", "Bearer hunter2-hunter2"), (Assert.Single(upstream.Requests).Target, upstream.Requests[0].Header("Authorization")));
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("failover")]
    [InlineData("weighted")]
    [InlineData("cheapest")]
    public async Task The_samples_can_be_applied(string file)
    {
        var reply = await _gateway.Admin.ApplyAsync(await File.ReadAllTextAsync(Repository.PathOf($"samples/llm/{file}.yaml"), TestContext.Current.CancellationToken));

        Assert.True(reply.Status == 200, reply.Text);
    }

    [Fact]
    public async Task What_the_readme_shows_can_be_applied()
    {
        var readme = await File.ReadAllTextAsync(Repository.PathOf("README.md"), TestContext.Current.CancellationToken);
        var yaml = readme.Split("```yaml\n").Select(fence => fence.Split("```")[0]).Single(fence => fence.Contains("kind: LlmRoute", StringComparison.Ordinal));

        var reply = await _gateway.Admin.ApplyAsync(yaml.Replace("namespace: hello", "namespace: acme", StringComparison.Ordinal));

        Assert.True(reply.Status == 200, reply.Text);
    }

    private static string Provider(string name, string spec) => Yaml.Document("LlmProvider", $"name: {name}, namespace: acme", spec);

    private static string Route(string name, string provider, string more = "", string? model = null) =>
        Yaml.Document("LlmRoute", $"name: {name}, namespace: acme", $"{{ targets: [{{ provider: {provider}{(model is null ? "" : $", model: {model}")} }}]{more} }}");

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();

    private Task<Reply> RemoveAsync(string path) => _gateway.Admin.RemoveAsync($"/manage/v1/{path}?namespace=acme");
}
