namespace Stoa.Wire.Tests.Mcp;

/// <summary>Which revision a request is held to, and the modern revision's checks (2026-07-28, versioning; streamable HTTP, server validation).</summary>
public sealed class EraTests(World world) : IClassFixture<World>
{
    private const string Capabilities = "\"io.modelcontextprotocol/clientCapabilities\":{}";
    private const string Version = "\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\"";

    [Theory]
    [InlineData("MCP-Protocol-Version", null)]
    [InlineData("MCP-Protocol-Version", "2025-11-25")]
    [InlineData("MCP-Protocol-Version", "2026-07-28 ,2026-07-28")]
    [InlineData("MCP-Protocol-Version", "2099-01-01")]
    [InlineData("Mcp-Method", null)]
    [InlineData("Mcp-Method", "tools/call")]
    [InlineData("Mcp-Method", "Tools/List")]
    [InlineData("Mcp-Method", "")]
    [InlineData("Mcp-Method", "=?base64?dG9vbHMvbGlzdA==?=")]
    public async Task A_header_that_is_missing_or_differs_from_the_body_is_a_mismatch(string header, string? value)
    {
        var reply = await world.Modern().RequestAsync("tools/list", "", (header, value));

        reply.Is(400, -32020);
        Assert.Equal("1", reply.Id);
        OfficialSchema.Check(Revision.Modern, "HeaderMismatchError", reply.Json);
    }

    [Theory]
    [InlineData(null, -32020)]
    [InlineData("", -32020)]
    [InlineData("other_tool", -32020)]
    [InlineData("ERA_NAME", -32020)]
    [InlineData("=?base64?ZXJhX25hbWU=?=", 0)]
    [InlineData("=?base64?ZXJhX25hbWU?=", -32020)] // no padding
    [InlineData("=?base64?!!!?=", -32020)]
    [InlineData("=?base64?/////w==?=", -32020)] // not UTF-8
    [InlineData("=?BASE64?ZXJhX25hbWU=?=", -32020)]
    [InlineData("era_name", 0)]
    public async Task The_name_of_a_tool_is_mirrored_plain_or_in_base64(string? value, int code)
    {
        await world.ToolAsync("era_name");

        var reply = await world.Modern().CallAsync("era_name", "{}", ("Mcp-Name", value));

        reply.Is(code == 0 ? 200 : 400, code);
    }

    [Fact]
    public async Task A_name_outside_ASCII_is_compared_after_decoding()
    {
        var agent = world.Modern();

        Assert.Equal("Unknown tool: wetter_für_世界", (await agent.CallAsync("wetter_für_世界")).Is(200, -32602).Message);
        (await agent.CallAsync("wetter_für_世界", "{}", ("Mcp-Name", "wetter_für_世界"))).Is(400, -32020);
        (await agent.CallAsync("=?base64?literal?=")).Is(200, -32602);
    }

    [Fact]
    public async Task Header_names_are_compared_without_case()
    {
        await world.ToolAsync("era_case");
        var agent = world.Modern();

        var reply = await agent.PostAsync(
            agent.Body("tools/call", "\"name\":\"era_case\""), ("MCP-Protocol-Version", null), ("mcp-protocol-version", "2026-07-28"), ("MCP-METHOD", "tools/call"), ("mcp-name", "era_case"));

        reply.IsResult();
    }

    [Theory]
    [InlineData("1900-01-01")]
    [InlineData("2026-07-29")]
    [InlineData("2025-11-25")]
    [InlineData("DRAFT-2026-v1")]
    [InlineData("")]
    public async Task A_version_that_is_not_served_statelessly_is_refused_with_those_that_are(string version)
    {
        var agent = world.Modern();
        var body = agent.Body("tools/list", meta: $"\"io.modelcontextprotocol/protocolVersion\":\"{version}\",{Capabilities}");

        var reply = (await agent.PostAsync(body, ("MCP-Protocol-Version", version), ("Mcp-Method", "tools/list"))).Is(400, -32022);

        var data = reply.Error.GetProperty("data");
        Assert.Equal(version, data.GetProperty("requested").GetString());
        Assert.Equal(["2026-07-28"], data.GetProperty("supported").EnumerateArray().Select(v => v.GetString()));
        OfficialSchema.Check(Revision.Modern, "UnsupportedProtocolVersionError", reply.Json);
    }

    [Fact]
    public async Task A_version_header_that_nobody_knows_is_400_without_meta_too()
    {
        var agent = world.Agent(Revision.V202506);

        (await agent.PostAsync(agent.Body("tools/list"), ("MCP-Protocol-Version", "2001-01-01"))).Is(400, -32022);
        (await agent.PostAsync(agent.Body("notifications/initialized", id: null), ("MCP-Protocol-Version", "2001-01-01"))).Is(400, -32022);
    }

    [Theory]
    [InlineData("")]
    [InlineData(Version)]
    [InlineData(Capabilities)]
    [InlineData(Version + ",\"io.modelcontextprotocol/clientCapabilities\":null")]
    [InlineData(Version + ",\"io.modelcontextprotocol/clientCapabilities\":[]")]
    [InlineData(Version + ",\"io.modelcontextprotocol/clientCapabilities\":true")]
    public async Task A_modern_request_without_its_metadata_is_400_invalid_params(string meta)
    {
        var agent = world.Modern();

        var reply = await agent.PostAsync(agent.Body("tools/list", meta: meta), ("Mcp-Method", "tools/list"));

        reply.Is(400, -32602);
        Assert.Equal("1", reply.Id);
    }

    [Fact]
    public async Task A_modern_request_without_params_is_400_invalid_params() =>
        (await world.Modern().PostAsync("""{"jsonrpc":"2.0","id":1,"method":"tools/list"}""", ("Mcp-Method", "tools/list"))).Is(400, -32602);

    [Fact]
    public async Task Client_info_is_optional()
    {
        var agent = world.Modern();

        (await agent.PostAsync(agent.Body("tools/list", meta: $"{Version},{Capabilities}"), ("Mcp-Method", "tools/list"))).IsResult();
    }

    [Fact]
    public async Task A_modern_initialize_is_a_method_that_does_not_exist() => (await world.Modern().RequestAsync("initialize", "\"protocolVersion\":\"2026-07-28\"")).Is(404, -32601);

    [Fact]
    public async Task Discover_without_modern_headers_gets_a_modern_error_so_that_the_client_does_not_fall_back() =>
        (await world.Agent(Revision.V202503).RequestAsync("server/discover")).Is(400, -32020);

    [Fact]
    public async Task An_absent_version_header_means_2025_03_26()
    {
        await world.ToolAsync("era_assumed");

        Assert.False((await world.Agent(Revision.V202503).CallAsync("era_assumed")).IsResult().Result.TryGetProperty("structuredContent", out _));
    }

    [Fact]
    public async Task Nothing_is_remembered_from_the_request_before()
    {
        await world.ToolAsync("era_mixed");

        foreach (var revision in Revision.All.Concat(Revision.All.Reverse()))
        {
            var reply = (await world.Agent(revision).CallAsync("era_mixed")).IsResult();
            Assert.Equal(revision == Revision.Modern, reply.Result.TryGetProperty("resultType", out _));
        }
    }
}
