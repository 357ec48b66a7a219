using System.Text.Json;

namespace Stoa.Wire.Tests.Mcp;

/// <summary>What every revision promises about methods and results. Agent holds each result against the revision's official schema besides.</summary>
public sealed class RevisionTests(World world) : IClassFixture<World>
{
    private const string Weather = "displayName: Weather now\nannotations: { readOnlyHint: true }\noutputSchema: { type: object, properties: { ok: { type: boolean } } }\n" + Given.CityInput;

    public static TheoryData<string> All => [.. Revision.All];

    public static TheoryData<string> Legacy => [.. Revision.Legacy];

    [Theory]
    [InlineData("\"protocolVersion\":\"2024-11-05\",", "2024-11-05")]
    [InlineData("\"protocolVersion\":\"2025-03-26\",", "2025-03-26")]
    [InlineData("\"protocolVersion\":\"2025-06-18\",", "2025-06-18")]
    [InlineData("\"protocolVersion\":\"2025-11-25\",", "2025-11-25")]
    [InlineData("\"protocolVersion\":\"1999-01-01\",", "2025-11-25")]
    [InlineData("\"protocolVersion\":\"2026-07-28\",", "2025-11-25")]
    [InlineData("", "2025-11-25")]
    public async Task Initialize_answers_the_version_asked_for_or_the_newest_that_has_a_handshake(string asked, string answered)
    {
        var reply = await world.Agent(Revision.V202503).RequestAsync("initialize", asked + """ "capabilities":{},"clientInfo":{"name":"c","version":"1"} """);

        Assert.Equal(answered, reply.IsResult().Result.GetProperty("protocolVersion").GetString());
        Assert.Equal("{}", reply.Result.GetProperty("capabilities").GetProperty("tools").GetRawText());
        OfficialSchema.Check(answered, "InitializeResult", reply.Result);
        Assert.Null(reply.Header("Mcp-Session-Id"));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_list_shows_what_the_revision_knows_and_nothing_later(string revision)
    {
        await world.ToolAsync("shape_list", Weather);

        var reply = (await world.Agent(revision).ListAsync()).IsResult();
        var tool = reply.Result.GetProperty("tools").EnumerateArray().Single(t => t.GetProperty("name").GetString() == "shape_list");

        var isModern = revision == Revision.Modern;
        Assert.Equal("Does shape_list.", tool.GetProperty("description").GetString());
        Assert.Equal("object", tool.GetProperty("inputSchema").GetProperty("type").GetString());
        Assert.Equal(Revision.IsSince(revision, Revision.V202506), tool.TryGetProperty("title", out _));
        Assert.Equal(Revision.IsSince(revision, Revision.V202506), tool.TryGetProperty("outputSchema", out _));
        Assert.Equal(Revision.IsSince(revision, Revision.V202503), tool.TryGetProperty("annotations", out _));
        AssertModernMembers(reply.Result, isModern);
        Assert.Equal(isModern, reply.Result.TryGetProperty("ttlMs", out var ttl) && ttl.GetInt64() >= 0);
        Assert.Equal(isModern ? "private" : null, reply.Result.TryGetProperty("cacheScope", out var scope) ? scope.GetString() : null);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_list_is_the_same_every_time(string revision)
    {
        await world.ToolAsync("order_b");
        await world.ToolAsync("order_a");

        var first = (await world.Agent(revision).ListAsync()).Result.GetProperty("tools").GetRawText();

        Assert.Equal(first, (await world.Agent(revision).ListAsync()).Result.GetProperty("tools").GetRawText());
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task An_object_goes_out_as_text_and_as_structured_content_where_the_revision_has_it(string revision)
    {
        world.UpstreamAnswers(200, "application/json", """{"ok": true}""");
        await world.ToolAsync("shape_call", Weather);

        var reply = await world.Agent(revision).CallAsync("shape_call", """{"city":"Rome"}""");

        Assert.Equal("""{"ok": true}""", reply.IsResult().ToolText);
        Assert.False(reply.IsToolError);
        Assert.Equal(Revision.IsSince(revision, Revision.V202506), reply.Result.TryGetProperty("structuredContent", out _));
        AssertModernMembers(reply.Result, revision == Revision.Modern);
        Assert.False(reply.Result.TryGetProperty("ttlMs", out _));
    }

    [Theory]
    [InlineData("[1,2]")]
    [InlineData("7")]
    [InlineData("\"text\"")]
    [InlineData("null")]
    public async Task A_value_that_is_no_object_is_structured_content_in_the_modern_revision_only(string value)
    {
        world.UpstreamAnswers(200, "application/json", value);
        await world.ToolAsync("shape_value");

        foreach (var revision in Revision.All)
        {
            var reply = await world.Agent(revision).CallAsync("shape_value");
            Assert.Equal(value, reply.IsResult().ToolText);
            Assert.Equal(revision == Revision.Modern ? value : null, reply.Result.TryGetProperty("structuredContent", out var found) ? found.GetRawText() : null);
        }
    }

    [Theory]
    [InlineData("{ type: array, items: { type: integer } }")]
    [InlineData("{ type: [object, 'null'] }")]
    [InlineData("{ anyOf: [ { type: object }, { type: array } ] }")]
    public async Task An_output_schema_of_more_than_an_object_is_listed_in_the_modern_revision_only(string schema)
    {
        await world.ToolAsync("shape_array", $"outputSchema: {schema}");

        foreach (var revision in Revision.All)
        {
            var tools = (await world.Agent(revision).ListAsync()).Result.GetProperty("tools").EnumerateArray();
            Assert.Equal(revision == Revision.Modern, tools.Single(t => t.GetProperty("name").GetString() == "shape_array").TryGetProperty("outputSchema", out _));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Invalid_arguments_are_the_models_affair_from_2025_11_25_on_and_a_protocol_error_before(string revision)
    {
        await world.ToolAsync("shape_args", Given.CityInput);
        var before = world.Upstream.Requests.Count;

        var reply = await world.Agent(revision).CallAsync("shape_args", """{"city":"x","more":1}""");

        if (Revision.IsSince(revision, Revision.V202511))
        {
            reply.IsToolErrorSaying("do not fit the tool 'shape_args'");
            Assert.Contains("city", reply.ToolText, StringComparison.Ordinal);
            Assert.Contains("more", reply.ToolText, StringComparison.Ordinal);
            AssertModernMembers(reply.Result, revision == Revision.Modern);
        }
        else
        {
            reply.Is(200, -32602);
            Assert.Equal(2, reply.Error.GetProperty("data").GetProperty("findings").GetArrayLength());
        }

        Assert.Equal(before, world.Upstream.Requests.Count);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task An_unknown_tool_and_a_call_without_a_name_are_invalid_params(string revision)
    {
        var agent = world.Agent(revision);

        Assert.Equal("Unknown tool: nowhere", (await agent.CallAsync("nowhere")).Is(200, -32602).Message);
        (await agent.RequestAsync("tools/call", "\"arguments\":{}")).Is(200, -32602);
        (await agent.RequestAsync("tools/call", "\"name\":\"shape_args\",\"arguments\":[]")).Is(200, -32602);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task An_id_comes_back_as_it_was_sent(string revision)
    {
        await world.ToolAsync("shape_id");
        var agent = world.Agent(revision);
        foreach (var id in new[] { "0", "-7", "9007199254740993", "\"\"", "\"a\\u00e9\\n\"", "\"1\"" })
        {
            foreach (var name in new[] { "shape_id", "nowhere" })
            {
                var reply = await agent.PostAsync(
                    agent.Body("tools/call", $"\"name\":\"{name}\"", id), ("Mcp-Method", "tools/call"), ("Mcp-Name", name));
                Assert.Equal(200, reply.Status);
                Assert.Equal(id, reply.Id);
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Notifications_are_accepted_without_a_word(string revision)
    {
        foreach (var method in new[] { "notifications/initialized", "notifications/cancelled", "notifications/made_up" })
        {
            var reply = await world.Agent(revision).NotifyAsync(method);
            Assert.Equal((202, "", null), (reply.Status, reply.Text, reply.Header("Content-Type")));
        }
    }

    [Theory]
    [MemberData(nameof(Legacy))]
    public async Task Responses_are_accepted_without_a_word(string revision)
    {
        foreach (var body in new[] { """{"jsonrpc":"2.0","id":1,"result":{}}""", """{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"m"}}""" })
        {
            var reply = await world.Agent(revision).PostAsync(body);
            Assert.Equal((202, ""), (reply.Status, reply.Text));
        }
    }

    [Theory]
    [MemberData(nameof(Legacy))]
    public async Task Ping_answers_nothing(string revision) => Assert.Equal("{}", (await world.Agent(revision).RequestAsync("ping")).IsResult().Result.GetRawText());

    [Theory]
    [MemberData(nameof(Legacy))]
    public async Task A_method_that_is_not_served_is_an_error_on_200_before_the_modern_revision(string revision) =>
        (await world.Agent(revision).RequestAsync("resources/list")).Is(200, -32601);

    [Theory]
    [InlineData("initialize")]
    [InlineData("ping")]
    [InlineData("logging/setLevel")]
    [InlineData("resources/subscribe")]
    [InlineData("resources/unsubscribe")]
    [InlineData("tasks/list")]
    [InlineData("made/up")]
    [InlineData("Tools/Call")]
    public async Task A_method_that_the_modern_revision_lacks_is_404_with_an_error_that_tells_it_from_a_missing_page(string method)
    {
        var reply = await world.Modern().RequestAsync(method);

        reply.Is(404, -32601);
        Assert.Equal("1", reply.Id);
    }

    [Fact]
    public async Task Discover_tells_what_a_client_may_put_into_its_requests()
    {
        var reply = (await world.Modern().RequestAsync("server/discover")).IsResult();

        var supported = reply.Result.GetProperty("supportedVersions").EnumerateArray().Select(v => v.GetString());
        Assert.Equal([Revision.Modern], supported);
        Assert.True(reply.Result.GetProperty("capabilities").TryGetProperty("tools", out _));
        Assert.True(reply.Result.GetProperty("ttlMs").GetInt64() >= 0);
        Assert.Contains(reply.Result.GetProperty("cacheScope").GetString(), new[] { "public", "private" });
        AssertModernMembers(reply.Result, isModern: true);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("DELETE")]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("OPTIONS")]
    public async Task There_is_no_stream_to_open_and_no_session_to_end(string method)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/mcp");

        var reply = await world.Modern().SendAsync(request);

        Assert.Equal((405, "POST"), (reply.Status, reply.Header("Allow")));
        Assert.Null(reply.Id);
        Assert.True(reply.Code < -31000);
    }

    [Fact]
    public async Task A_web_socket_is_refused_in_words()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/mcp");
        request.Headers.TryAddWithoutValidation("Connection", "Upgrade");
        request.Headers.TryAddWithoutValidation("Upgrade", "websocket");
        request.Headers.TryAddWithoutValidation("Sec-WebSocket-Version", "13");
        request.Headers.TryAddWithoutValidation("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");

        Assert.Contains("POST", (await world.Modern().SendAsync(request)).Is(501, -31007).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Any_other_upgrade_is_an_offer_to_ignore()
    {
        // What java.net.http sends with every plain-text request.
        var agent = world.Agent(Revision.V202506);

        (await agent.PostAsync(agent.Body("ping"), ("Connection", "Upgrade, HTTP2-Settings"), ("Upgrade", "h2c"), ("HTTP2-Settings", "AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA"))).IsResult();
    }

    [Fact]
    public async Task Session_and_resumption_headers_are_ignored_and_never_echoed()
    {
        var agent = world.Modern();

        var reply = await agent.RequestAsync("tools/list", "", ("Mcp-Session-Id", "abc"), ("Last-Event-ID", "7"));

        Assert.Null(reply.IsResult().Header("Mcp-Session-Id"));
    }

    private static void AssertModernMembers(JsonElement result, bool isModern)
    {
        Assert.Equal(isModern ? "complete" : null, result.TryGetProperty("resultType", out var type) ? type.GetString() : null);
        Assert.Equal(isModern, result.TryGetProperty("_meta", out var meta) && meta.GetProperty("io.modelcontextprotocol/serverInfo").GetProperty("name").GetString() == "stoa-serverless");
    }
}
