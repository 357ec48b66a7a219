using System.Net;
using Stoa.Testing;

namespace Stoa.Wire.Tests.Mcp;

/// <summary>Who may come in, from where, and what exists for whom.</summary>
public sealed class AccessTests(World world) : IClassFixture<World>
{
    [Theory]
    [InlineData(Revision.Modern)]
    [InlineData(Revision.V202503)]
    public async Task Without_a_key_there_is_a_challenge_and_no_error_code_in_it(string revision)
    {
        var reply = (await world.Agent(revision, key: null).ListAsync()).Is(401, -31010);

        Assert.Equal("Bearer realm=\"stoa\"", reply.Header("WWW-Authenticate"));
        Assert.Equal("no-store", reply.Header("Cache-Control"));
    }

    [Theory]
    [InlineData("stoa_sk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("stoa_sk_short")]
    [InlineData("stoa_admin_wrong-0123456789-0123456789-0123456789")]
    [InlineData("eyJhbGciOiJub25lIn0.e30.")]
    [InlineData("x")]
    public async Task A_wrong_key_is_401_invalid_token(string key)
    {
        var reply = (await world.Modern(key).ListAsync()).Is(401, -31011);

        Assert.Contains("error=\"invalid_token\"", reply.Header("WWW-Authenticate"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Basic dXNlcjpwYXNz")]
    [InlineData("Bearer")]
    [InlineData("stoa")]
    public async Task Another_scheme_is_401(string authorization) =>
        Assert.Equal(401, (await world.Modern(key: null).RequestAsync("tools/list", "", ("Authorization", authorization))).Status);

    [Fact]
    public async Task A_key_of_any_length_is_refused_in_time() => (await world.Modern(new string('k', 8000)).ListAsync()).Is(401, -31011);

    [Theory]
    [InlineData("x-api-key")]
    [InlineData("api-key")]
    public async Task The_key_is_taken_from_any_of_its_headers_and_two_different_keys_are_refused(string header)
    {
        (await world.Modern(key: null).RequestAsync("tools/list", "", (header, world.Key))).IsResult();
        (await world.Modern().RequestAsync("tools/list", "", (header, world.Key))).IsResult();
        (await world.Modern().RequestAsync("tools/list", "", (header, world.ReaderKey))).Is(400, -31012);
        (await world.Modern(key: null).RequestAsync("tools/list", "", ("x-api-key", world.Key), ("api-key", world.ReaderKey))).Is(400, -31012);
    }

    [Fact]
    public async Task A_key_in_the_query_is_no_key() =>
        Assert.Equal(401, (await world.Agent(Revision.Modern, key: null, $"/mcp?access_token={world.Key}&api-key={world.Key}").ListAsync()).Status);

    [Fact]
    public async Task Nothing_of_the_body_is_read_before_the_caller_is_known() =>
        (await world.Modern(key: null).PostAsync("not json", ("Content-Type", "text/plain"), ("Accept", "image/png"))).Is(401, -31010);

    [Fact]
    public async Task A_key_ends_when_it_expires()
    {
        var time = new FakeTime();
        await using var own = await World.StartAsync(time: time);
        var key = await own.IssueKeyAsync("agent", """{"expiresIn":"1h"}""");
        var agent = own.Modern(key);

        time.Advance(TimeSpan.FromSeconds(3599));
        (await agent.ListAsync()).IsResult();
        time.Advance(TimeSpan.FromSeconds(1));
        (await agent.ListAsync()).Is(401, -31011);
    }

    [Fact]
    public async Task A_revoked_key_is_refused_like_an_unknown_one()
    {
        var key = await world.IssueKeyAsync("agent");
        (await world.Modern(key).ListAsync()).IsResult();
        var keys = await world.RestAsync(HttpMethod.Get, "/manage/v1/consumers/acme/agent/keys", key: TestGateway.AdminKey);
        var id = keys.Json.GetProperty("keys").EnumerateArray().Last().GetProperty("id").GetString();
        Assert.Equal(204, (await world.RestAsync(HttpMethod.Delete, $"/manage/v1/consumers/acme/agent/keys/{id}", key: TestGateway.AdminKey)).Status);

        var revoked = (await world.Modern(key).ListAsync()).Is(401, -31011);
        var unknown = await world.Modern("stoa_sk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").ListAsync();

        Assert.Equal(unknown.Message, revoked.Message);
    }

    [Fact]
    public async Task A_suspended_consumer_or_tenant_is_403()
    {
        await world.ApplyAsync(Given.Consumer("sleepy", "suspended: true"), Given.Tenant("frozen"), Given.Consumer("one", tenant: "frozen"));
        var ofConsumer = await world.IssueKeyAsync("sleepy");
        var ofTenant = await world.IssueKeyAsync("one", tenant: "frozen");
        (await world.Modern(ofTenant).ListAsync()).IsResult();
        await world.ApplyAsync(Given.Tenant("frozen", "suspended: true"));

        (await world.Modern(ofConsumer).ListAsync()).Is(403, -31016);
        (await world.Modern(ofTenant).ListAsync()).Is(403, -31016);
    }

    [Theory]
    [InlineData("127.0.0.0/8", 200, 0)]
    [InlineData("10.0.0.0/8", 403, -31013)]
    public async Task A_key_works_from_its_networks_only(string network, int status, int code)
    {
        var agent = world.Modern(await world.IssueKeyAsync("agent", $$"""{"addresses":["{{network}}"]}"""));

        (await agent.ListAsync()).Is(status, code);
        (await agent.RequestAsync("tools/list", "", ("X-Forwarded-For", "10.1.2.3"))).Is(status, code);
    }

    [Fact]
    public async Task A_tool_outside_the_list_of_a_key_does_not_exist()
    {
        await world.ToolAsync("seen_tool");
        await world.ToolAsync("unseen_tool", Given.CityInput);
        await world.ToolAsync("disabled_tool", "enabled: false");
        var before = world.Upstream.Requests.Count;
        var agent = world.Modern(await world.IssueKeyAsync("agent", """{"tools":["seen_*","disabled_tool"]}"""));

        var listed = (await agent.ListAsync()).Result.GetProperty("tools").EnumerateArray().Select(t => t.GetProperty("name").GetString());
        var replies = new[] { await agent.CallAsync("unseen_tool"), await agent.CallAsync("absent_tool"), await agent.CallAsync("disabled_tool"), await agent.CallAsync("unseen_tool", "{\"bad\":1}") };

        Assert.Equal(["seen_tool"], listed);
        Assert.Single(replies.Select(r => Anonymous(r.Is(200, -32602))).Distinct());
        Assert.Equal(before, world.Upstream.Requests.Count);
    }

    [Theory]
    [InlineData(Revision.Modern)]
    [InlineData(Revision.V202506)]
    public async Task A_missing_scope_is_403_and_says_which(string revision)
    {
        await world.ToolAsync("scope_write", "method: POST");
        var before = world.Upstream.Requests.Count;

        var reply = (await world.Agent(revision, world.ReaderKey).CallAsync("scope_write")).Is(403, -31017);

        Assert.Equal("Bearer realm=\"stoa\", error=\"insufficient_scope\", scope=\"stoa:write\"", reply.Header("WWW-Authenticate"));
        Assert.Equal("1", reply.Id);
        Assert.Equal(before, world.Upstream.Requests.Count);
        (await world.Agent(revision).CallAsync("scope_write")).IsResult();
    }

    [Fact]
    public async Task A_key_can_have_less_than_its_consumer_and_never_more()
    {
        await world.ToolAsync("scope_write", "method: POST");

        (await world.Modern(await world.IssueKeyAsync("agent", """{"scopes":["stoa:read"]}""")).CallAsync("scope_write")).Is(403, -31017);
        (await world.Modern(await world.IssueKeyAsync("reader", """{"scopes":["stoa:admin"]}""")).CallAsync("scope_write")).Is(403, -31017);
    }

    [Fact]
    public async Task An_administrators_key_calls_no_tools()
    {
        foreach (var url in new[] { "/mcp", "/t/acme/mcp" })
        {
            var agent = world.Agent(Revision.Modern, TestGateway.AdminKey, url);
            Assert.Contains((await agent.ListAsync()).Status, new[] { 403, 404 });
            Assert.Contains((await agent.CallAsync("seen_tool")).Status, new[] { 403, 404 });
        }
    }

    [Fact]
    public async Task Another_tenants_url_and_a_tenant_that_does_not_exist_look_the_same()
    {
        (await world.Agent(Revision.Modern, url: "/t/acme/mcp").ListAsync()).IsResult();
        var replies = new List<Reply>();
        foreach (var tenant in new[] { "other", "nobody", "ACME", "acme%20", "..%2facme" })
        {
            replies.Add((await world.Agent(Revision.Modern, url: $"/t/{tenant}/mcp").ListAsync()).Is(404, -31015));
        }

        Assert.Single(replies.Select(Anonymous).Distinct());
    }

    [Fact]
    public async Task Tenants_do_not_see_each_others_tools()
    {
        await world.ToolAsync("only_acme");
        await world.ToolAsync("shared_name");
        await world.ToolAsync("shared_name", path: "of_other", tenant: "other");

        (await world.Modern(world.OtherKey).CallAsync("only_acme")).Is(200, -32602);
        (await world.Modern(world.OtherKey).CallAsync("shared_name")).IsResult();

        Assert.Equal("/of_other", world.Upstream.Requests[^1].Target);
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("localhost.evil.example:80")]
    [InlineData("169.254.169.254")]
    public async Task A_host_that_is_not_this_gateway_is_403(string host) => (await world.Modern().RequestAsync("tools/list", "", ("Host", host))).Is(403, -31003);

    [Theory]
    [InlineData("https://evil.example", false)]
    [InlineData("http://127.0.0.1.evil.example", false)]
    [InlineData("http://localhost@evil.example", false)]
    [InlineData("null", false)]
    [InlineData("", false)]
    [InlineData("file://", false)]
    [InlineData("localhost", false)]
    [InlineData("http://localhost:3000", true)]
    [InlineData("https://console.acme.example", true)]
    [InlineData("https://console.acme.example.evil.example", false)]
    [InlineData("https://console.acme.example:8443", false)]
    [InlineData("http://console.acme.example", false)]
    public async Task A_web_page_needs_an_origin_that_is_allowed(string origin, bool allowed)
    {
        await world.ApplyAsync(Given.Tenant("acme", "allowedOrigins: ['https://console.acme.example']"));
        foreach (var revision in Revision.All)
        {
            (await world.Agent(revision).RequestAsync("tools/list", "", ("Origin", origin))).Is(allowed ? 200 : 403, allowed ? 0 : -31004);
        }
    }

    [Fact]
    public async Task The_origin_of_one_tenant_opens_no_other()
    {
        await world.ApplyAsync(Given.Tenant("acme", "allowedOrigins: ['https://console.acme.example']"));

        (await world.Modern(world.OtherKey).RequestAsync("tools/list", "", ("Origin", "https://console.acme.example"))).Is(403, -31004);
        (await world.Modern(key: null).RequestAsync("tools/list", "", ("Origin", "https://console.acme.example"))).Is(403, -31004);
    }

    [Fact]
    public async Task Every_refusal_names_its_trace_in_header_and_body()
    {
        var reply = await world.Modern(key: null).ListAsync();

        Assert.Equal(reply.Header("x-stoa-trace-id"), reply.Error.GetProperty("data").GetProperty("trace_id").GetString());
    }

    [Fact]
    public async Task When_storage_is_away_nobody_comes_in_and_the_error_is_one_of_the_protocol()
    {
        var ports = TestGateway.InMemory();
        var store = new FailingStore(ports.Rows, ports.Blobs);
        await using var own = await World.StartAsync(ports: ports with { Rows = store, Blobs = store });
        own.Gateway.ExpectsErrors = true;
        store.IsDown = true;
        var stranger = own.Modern("stoa_sk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");

        var reply = (await stranger.ListAsync()).Is((int)HttpStatusCode.ServiceUnavailable, -31050);

        Assert.Equal("2", reply.Header("Retry-After"));
    }

    private static string Anonymous(Reply reply) => reply.Text
        .Replace(reply.Header("x-stoa-trace-id")!, "", StringComparison.Ordinal)
        .Replace("unseen_tool", "", StringComparison.Ordinal).Replace("absent_tool", "", StringComparison.Ordinal).Replace("disabled_tool", "", StringComparison.Ordinal);
}
