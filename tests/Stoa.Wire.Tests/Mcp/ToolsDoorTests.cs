namespace Stoa.Wire.Tests.Mcp;

/// <summary>The same tools and the same rules as plain REST.</summary>
public sealed class ToolsDoorTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task A_tool_is_listed_and_called()
    {
        world.UpstreamAnswers(200, "application/json", """{"temp":[1,2]}""");
        await world.ToolAsync("rest_tool", Given.CityInput);

        var listed = await world.RestAsync(HttpMethod.Get, "/mcp/v1/tools");
        var called = await world.InvokeAsync("rest_tool", """{"city":"Rome"}""");

        Assert.Contains("rest_tool", listed.Json.GetProperty("tools").EnumerateArray().Select(t => t.GetProperty("name").GetString()));
        Assert.Equal((200, """{"result":{"temp":[1,2]},"isError":false}"""), (called.Status, called.Text));
        Assert.Equal("/rest_tool?city=Rome", world.Upstream.Requests[^1].Target);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"arguments":{}}""")]
    [InlineData("""{"arguments":{},"other":1}""")]
    public async Task Arguments_may_be_left_out(string body)
    {
        world.UpstreamAnswers(Given.Ok);
        await world.ToolAsync("rest_bare");

        Assert.Equal(200, (await world.RestAsync(HttpMethod.Post, "/mcp/v1/tools/rest_bare/invoke", body)).Status);
    }

    [Theory]
    [InlineData("[]", "malformed_request")]
    [InlineData("null", "malformed_request")]
    [InlineData("""{"arguments":[]}""", "malformed_request")]
    [InlineData("""{"args":{"a":1}}""", "malformed_request")]
    [InlineData("""{"arguments":null}""", "malformed_request")]
    [InlineData("""{"arguments":"x"}""", "malformed_request")]
    [InlineData("{", "malformed_body")]
    [InlineData("{} x", "malformed_body")]
    [InlineData("""{"arguments":{},"arguments":{}}""", "malformed_body")]
    [InlineData("""{"arguments":{"a":{"b":1,"b":2}}}""", "malformed_body")]
    [InlineData("""{"arguments":{"a":"\ud800"}}""", "malformed_body")]
    public async Task A_body_that_is_no_call_is_400(string body, string error)
    {
        await world.ToolAsync("rest_bare");
        var before = world.Upstream.Requests.Count;

        var reply = await world.RestAsync(HttpMethod.Post, "/mcp/v1/tools/rest_bare/invoke", body);

        Assert.Equal((400, error), (reply.Status, reply.Json.GetProperty("error").GetString()));
        Assert.Equal(before, world.Upstream.Requests.Count);
    }

    [Fact]
    public async Task A_depth_bomb_is_400()
    {
        await world.ToolAsync("rest_bare");

        var reply = await world.RestAsync(HttpMethod.Post, "/mcp/v1/tools/rest_bare/invoke", $"{{\"arguments\":{{\"a\":{new string('[', 10_000)}{new string(']', 10_000)}}}}}");

        Assert.Equal((400, "malformed_body"), (reply.Status, reply.Json.GetProperty("error").GetString()));
    }

    [Fact]
    public async Task Refusals_have_the_status_of_HTTP_and_one_shape()
    {
        await world.ToolAsync("rest_strict", Given.CityInput);
        await world.ToolAsync("rest_write", "method: POST");

        Assert.Equal((400, "invalid_arguments"), Outcome(await world.InvokeAsync("rest_strict", """{"city":1}""")));
        Assert.Equal((404, "unknown_tool"), Outcome(await world.InvokeAsync("nowhere")));
        Assert.Equal((404, "unknown_tool"), Outcome(await world.InvokeAsync("../../etc")));
        Assert.Equal((403, "insufficient_scope"), Outcome(await world.InvokeAsync("rest_write", key: world.ReaderKey)));
        Assert.Equal((401, "missing_credential"), Outcome(await world.InvokeAsync("rest_write", key: null)));
        Assert.Equal((405, "method_not_allowed"), Outcome(await world.RestAsync(HttpMethod.Get, "/mcp/v1/tools/rest_write/invoke")));
        Assert.Equal((404, "not_found"), Outcome(await world.RestAsync(HttpMethod.Get, "/mcp/v1/nothing")));
        Assert.Equal((413, "body_too_large"), Outcome(await world.InvokeAsync("rest_write", $"{{\"a\":\"{new string('x', 5_000_000)}\"}}")));
    }

    private static (int, string?) Outcome(Reply reply)
    {
        Assert.Equal(reply.Header("x-stoa-trace-id"), reply.Json.GetProperty("trace_id").GetString());
        return (reply.Status, reply.Json.GetProperty("error").GetString());
    }
}
