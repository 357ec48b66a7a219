using System.Text.Json;
using Stoa.Testing;

namespace Stoa.Wire.Tests.Manage;

/// <summary>The life of an API key: issued, listed, narrowed, rotated, expired, revoked.</summary>
public sealed class KeysTests : IAsyncLifetime
{
    private const string Keys = "/manage/v1/consumers/acme/app/keys";

    private readonly FakeTime _time = new();
    private TestGateway _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        _gateway = await TestGateway.StartAsync(time: _time);
        await _gateway.ApplyAsync(Yaml.All(
            Yaml.Tenant(),
            Yaml.Consumer(spec: "{ scopes: [stoa:write], tools: [crm_*, hello] }"),
            Yaml.Tool("crm_find", more: "annotations: { readOnly: true }"), Yaml.Tool("crm_delete", more: "method: DELETE"), Yaml.Tool(), Yaml.Tool("other")));
    }

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    [Fact]
    public async Task A_key_is_shown_when_issued_and_never_again()
    {
        var issued = await _gateway.Admin.PostAsync(Keys, """{"expiresIn":"90d","scopes":["stoa:read"],"tools":["crm_*"],"addresses":["127.0.0.0/8"]}""");
        var list = await _gateway.Admin.ReadAsync(Keys);

        var key = issued.Body.GetProperty("key").GetString()!;
        Assert.Equal(201, issued.Status);
        Assert.Matches("^stoa_sk_[A-Za-z0-9_-]{43}$", key);
        Assert.True(issued.Headers.CacheControl!.NoStore);
        var listed = list.Body.GetProperty("keys")[0];
        Assert.Equal(
            ["id", "hint", "createdAt", "expiresAt", "scopes", "tools", "addresses"],
            listed.EnumerateObject().Select(p => p.Name));
        Assert.Equal(key[..12] + "...", listed.GetProperty("hint").GetString());
        Assert.Equal(_time.GetUtcNow().AddDays(90), listed.GetProperty("expiresAt").GetDateTimeOffset());
        Assert.Equal(issued.Body.GetProperty("id").GetString(), listed.GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_key_narrows_what_its_consumer_may_and_never_widens_it()
    {
        using var all = await ClientAsync();
        using var some = await ClientAsync("""{"tools":["crm_*","other"]}""");
        using var none = await ClientAsync("""{"tools":[]}""");
        using var reads = await ClientAsync("""{"scopes":["stoa:read"]}""");
        using var wider = await ClientAsync("""{"scopes":["stoa:admin"],"tools":["*"]}""");

        Assert.Equal(["crm_delete", "crm_find", "hello"], await all.ToolNamesAsync());
        Assert.Equal(["crm_delete", "crm_find"], await some.ToolNamesAsync());
        Assert.Empty(await none.ToolNamesAsync());
        Assert.Equal(["crm_delete", "crm_find", "hello"], await wider.ToolNamesAsync());
        Assert.StartsWith("403 insufficient_scope", (await reads.PostAsync("/mcp/v1/tools/crm_delete/invoke")).Refusal);
        Assert.StartsWith("404 unknown_tool", (await some.PostAsync("/mcp/v1/tools/hello/invoke")).Refusal);
        Assert.StartsWith("403 role_required", (await wider.ReadAsync("/manage/v1/tools")).Refusal);
    }

    [Fact]
    public async Task A_key_may_be_bound_to_networks()
    {
        using var here = await ClientAsync("""{"addresses":["203.0.113.0/24","127.0.0.1/32"]}""");
        using var elsewhere = await ClientAsync("""{"addresses":["203.0.113.0/24","::1/128"]}""");
        using var nowhere = await ClientAsync("""{"addresses":[]}""");

        Assert.Equal(200, await here.KnockAsync());
        Assert.StartsWith("403 address_forbidden", (await elsewhere.ReadAsync("/mcp/v1/tools")).Refusal);
        Assert.StartsWith("403 address_forbidden", (await nowhere.ReadAsync("/mcp/v1/tools")).Refusal);
    }

    [Fact]
    public async Task A_key_ends_when_it_said_it_would()
    {
        using var client = await ClientAsync("""{"expiresIn":"30m"}""");

        _time.Advance(TimeSpan.FromMinutes(30) - TimeSpan.FromMilliseconds(1));
        var before = await client.KnockAsync();
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal((200, 401), (before, await client.KnockAsync()));
    }

    [Fact]
    public async Task A_rotated_key_lives_on_for_its_grace_period()
    {
        var (id, key) = await IssueAsync("""{"scopes":["stoa:read"],"tools":["crm_*"],"expiresIn":"90d"}""");
        using var old = _gateway.ClientFor(key);
        _time.Advance(TimeSpan.FromDays(10));

        var rotated = await _gateway.Admin.PostAsync($"{Keys}/{id}/rotate", """{"grace":"2h"}""");

        using var successor = _gateway.ClientFor(rotated.Body.GetProperty("key").GetString());
        Assert.Equal(201, rotated.Status);
        Assert.Equal((200, 200), (await old.KnockAsync(), await successor.KnockAsync()));
        Assert.Equal(["crm_delete", "crm_find"], await successor.ToolNamesAsync());
        Assert.Equal(_time.GetUtcNow().AddDays(90), rotated.Body.GetProperty("expiresAt").GetDateTimeOffset());
        _time.Advance(TimeSpan.FromHours(2));
        Assert.Equal((401, 200), (await old.KnockAsync(), await successor.KnockAsync()));
        Assert.Equal(rotated.Body.GetProperty("id").GetString(), (await ListAsync())[0].GetProperty("replacedBy").GetString());
    }

    [Theory]
    [InlineData("""{"grace":"0s"}""", 0)]
    [InlineData(null, 24)]
    public async Task Without_grace_a_rotated_key_ends_at_once_and_by_default_after_a_day(string? body, int hours)
    {
        var (id, key) = await IssueAsync();
        using var old = _gateway.ClientFor(key);

        using var successor = _gateway.ClientFor((await _gateway.Admin.PostAsync($"{Keys}/{id}/rotate", body)).Body.GetProperty("key").GetString());

        Assert.Equal(hours == 0 ? 401 : 200, await old.KnockAsync());
        _time.Advance(TimeSpan.FromHours(hours));
        Assert.Equal((401, 200), (await old.KnockAsync(), await successor.KnockAsync()));
    }

    [Fact]
    public async Task A_grace_period_never_lengthens_a_life()
    {
        var (id, key) = await IssueAsync("""{"expiresIn":"1h"}""");
        using var old = _gateway.ClientFor(key);
        await _gateway.Admin.PostAsync($"{Keys}/{id}/rotate", """{"grace":"30d"}""");

        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(401, await old.KnockAsync());
    }

    [Fact]
    public async Task A_key_is_rotated_once_and_then_its_successor()
    {
        var (id, _) = await IssueAsync();
        var successor = (await _gateway.Admin.PostAsync($"{Keys}/{id}/rotate")).Body.GetProperty("id").GetString();

        var again = await _gateway.Admin.PostAsync($"{Keys}/{id}/rotate");

        Assert.Equal($"409 conflict: The key was rotated already; rotate its successor '{successor}' instead.", again.Refusal);
        Assert.Equal(201, (await _gateway.Admin.PostAsync($"{Keys}/{successor}/rotate")).Status);
    }

    [Fact]
    public async Task A_revoked_key_is_refused_on_the_next_call_and_cannot_be_rotated()
    {
        var (id, key) = await IssueAsync();
        using var client = _gateway.ClientFor(key);
        Assert.Equal(200, await client.KnockAsync());

        var revoked = await _gateway.Admin.RemoveAsync($"{Keys}/{id}");

        Assert.Equal((204, 401), (revoked.Status, await client.KnockAsync()));
        Assert.StartsWith("409 conflict: The key is revoked or expired.", (await _gateway.Admin.PostAsync($"{Keys}/{id}/rotate")).Refusal);
        Assert.Equal(204, (await _gateway.Admin.RemoveAsync($"{Keys}/{id}")).Status);
        Assert.Equal(_time.GetUtcNow(), (await ListAsync())[0].GetProperty("revokedAt").GetDateTimeOffset());
        Assert.StartsWith("404 not_found: The consumer has no key 'key_none'.", (await _gateway.Admin.RemoveAsync($"{Keys}/key_none")).Refusal);
    }

    [Fact]
    public async Task A_consumer_has_at_most_20_live_keys()
    {
        var ids = new List<string>();
        for (var i = 0; i < 20; i++)
        {
            ids.Add((await IssueAsync("""{"expiresIn":"1h"}""")).Id);
        }

        var refusal = "409 conflict: The consumer has 20 live keys, the most it may have. Revoke one first.";
        Assert.Equal(refusal, (await _gateway.Admin.PostAsync(Keys)).Refusal);
        Assert.Equal(refusal, (await _gateway.Admin.PostAsync($"{Keys}/{ids[0]}/rotate")).Refusal);
        Assert.Equal(201, (await _gateway.Admin.PostAsync($"{Keys}/{ids[0]}/rotate", """{"grace":"0s"}""")).Status);
        await _gateway.Admin.RemoveAsync($"{Keys}/{ids[1]}");
        Assert.Equal(201, (await _gateway.Admin.PostAsync(Keys)).Status);
        _time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(201, (await _gateway.Admin.PostAsync(Keys)).Status);
    }

    [Theory]
    [InlineData("""{"scope":["stoa:read"]}""", "malformed_body: The body does not fit: see $.scope at line 1. Known members: scopes, tools, addresses, expiresIn.")]
    [InlineData("{\n\"scopes\":\"stoa:read\"}", "malformed_body: The body does not fit: see $.scopes at line 2.")]
    [InlineData("""{"scopes":["a"],"scopes":["b"]}""", "malformed_body: The body does not fit:")]
    [InlineData("""{"scopes":["stoa:root"]}""", "malformed_request: 'stoa:root' is no scope. Use stoa:read, stoa:write or stoa:admin.")]
    [InlineData("""{"scopes":[null]}""", "malformed_request: null is no scope.")]
    [InlineData("""{"tools":[null]}""", "malformed_request: null is not a tool name, or the beginning of one followed by `*`.")]
    [InlineData("""{"tools":["*_find"]}""", "malformed_request: '*_find' is not a tool name, or the beginning of one followed by `*`.")]
    [InlineData("""{"addresses":[null]}""", "malformed_request: null is no network in CIDR notation, such as 203.0.113.0/24.")]
    [InlineData("""{"addresses":["10.0.0.0/33"]}""", "malformed_request: '10.0.0.0/33' is no network in CIDR notation, such as 203.0.113.0/24.")]
    [InlineData("""{"addresses":["10.0.0.1"]}""", "malformed_request: '10.0.0.1' is no network in CIDR notation, such as 203.0.113.0/24.")]
    [InlineData("""{"expiresIn":"tomorrow"}""", "malformed_request: expiresIn must be a duration up to 3650d, for example 90d, 12h or 30m.")]
    [InlineData("""{"expiresIn":"0s"}""", "malformed_request: expiresIn must be a duration up to 3650d")]
    [InlineData("""{"expiresIn":"3651d"}""", "malformed_request: expiresIn must be a duration up to 3650d")]
    [InlineData("""{"expiresIn":90}""", "malformed_body: The body does not fit: see $.expiresIn at line 1.")]
    [InlineData("null", "malformed_body: The body must be a JSON object.")]
    [InlineData("[]", "malformed_body: The body does not fit: see $ at line 1.")]
    [InlineData("{", "malformed_body: The body does not fit:")]
    [InlineData("""{"tools":["\ud800"]}""", "malformed_body")]
    public async Task A_request_for_a_key_that_makes_no_sense_is_told_why(string body, string refusal)
    {
        var reply = await _gateway.Admin.PostAsync(Keys, body);

        Assert.StartsWith("400 " + refusal, reply.Refusal);
        Assert.Empty(await ListAsync());
    }

    [Theory]
    [InlineData("""{"grace":"31d"}""")]
    [InlineData("""{"grace":"-1s"}""")]
    [InlineData("""{"grace":""}""")]
    public async Task A_grace_that_makes_no_sense_is_refused(string body)
    {
        var (id, _) = await IssueAsync();

        Assert.Equal("400 malformed_request: grace must be a duration up to 30d, for example 24h, 30m or 0s.", (await _gateway.Admin.PostAsync($"{Keys}/{id}/rotate", body)).Refusal);
    }

    private async Task<(string Id, string Key)> IssueAsync(string? body = null)
    {
        var reply = await _gateway.Admin.PostAsync(Keys, body);
        Assert.Equal(201, reply.Status);
        return (reply.Body.GetProperty("id").GetString()!, reply.Body.GetProperty("key").GetString()!);
    }

    private async Task<HttpClient> ClientAsync(string? body = null) => _gateway.ClientFor((await IssueAsync(body)).Key);

    private async Task<JsonElement[]> ListAsync() => [.. (await _gateway.Admin.ReadAsync(Keys)).Body.GetProperty("keys").EnumerateArray()];
}
