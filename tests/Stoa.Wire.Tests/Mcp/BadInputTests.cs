using System.Text;

namespace Stoa.Wire.Tests.Mcp;

/// <summary>Bytes that are no message: an exact answer, nothing sent upstream, and the gateway goes on.</summary>
public sealed class BadInputTests(World world) : IClassFixture<World>
{
    private const string CallHead = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"bad_input","arguments":""";

    /// <summary>Title, body in Latin-1 (so that any byte can be written), JSON-RPC code, id that the error must carry.</summary>
    public static TheoryData<string, string, int, string?> Bodies => new()
    {
        { "nothing", "", -32700, null },
        { "white space", " \r\n\t ", -32700, null },
        { "no JSON", "hello", -32700, null },
        { "cut short", """{"jsonrpc":"2.0","id":1,"method":"ping" """, -32700, null },
        { "trailing comma", """{"jsonrpc":"2.0","id":1,"method":"ping",}""", -32700, null },
        { "a comment", """{"jsonrpc":"2.0","id":1,/* */"method":"ping"}""", -32700, null },
        { "single quotes", "{'jsonrpc':'2.0'}", -32700, null },
        { "NaN", """{"jsonrpc":"2.0","id":NaN,"method":"ping"}""", -32700, null },
        { "trailing bytes", """{"jsonrpc":"2.0","id":1,"method":"ping"} x""", -32700, null },
        { "two messages", """{"jsonrpc":"2.0","id":1,"method":"ping"}{"jsonrpc":"2.0","id":2,"method":"ping"}""", -32700, null },
        { "trailing NUL", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\0", -32700, null },
        { "NUL in a string", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"pi\0ng\"}", -32700, null },
        { "byte order mark", "\xEF\xBB\xBF{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}", -32700, null },
        { "UTF-16", "{\0\"\0j\0\"\0:\01\0}\0", -32700, null },
        { "invalid UTF-8", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"p\xFFing\"}", -32700, null },
        { "overlong UTF-8", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"p\xC0\xAFing\"}", -32700, null },
        { "surrogate in UTF-8", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"p\xED\xA0\x80ing\"}", -32700, null },
        { "cut UTF-8", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\xE2\x82", -32700, null },
        { "lone high surrogate", CallHead + """{"city":"\ud83d"}}}""", -32700, null },
        { "lone low surrogate", CallHead + """{"city":"\ude00x"}}}""", -32700, null },
        { "swapped surrogates", CallHead + """{"city":"\ude00\ud83d"}}}""", -32700, null },
        { "lone surrogate in a key", CallHead + """{"\ud83d":1}}}""", -32700, null },
        { "array bomb", new string('[', 10_000), -32700, null },
        { "closed array bomb", new string('[', 10_000) + new string(']', 10_000), -32700, null },
        { "object bomb", string.Concat(Enumerable.Repeat("{\"a\":", 10_000)) + "1" + new string('}', 10_000), -32700, null },
        { "bomb in arguments", CallHead + "{\"a\":" + new string('[', 10_000) + new string(']', 10_000) + "}}}", -32700, null },
        { "bomb in an ignored member", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"x\":" + new string('[', 65) + new string(']', 65) + "}", -32700, null },

        { "null", "null", -32600, null },
        { "number", "5", -32600, null },
        { "string", "\"ping\"", -32600, null },
        { "empty object", "{}", -32600, null },
        { "no jsonrpc", """{"id":1,"method":"ping"}""", -32600, "1" },
        { "jsonrpc 1.0", """{"jsonrpc":"1.0","id":1,"method":"ping"}""", -32600, "1" },
        { "jsonrpc as number", """{"jsonrpc":2.0,"id":1,"method":"ping"}""", -32600, "1" },
        { "no method", """{"jsonrpc":"2.0","id":1}""", -32600, "1" },
        { "method null", """{"jsonrpc":"2.0","id":1,"method":null}""", -32600, "1" },
        { "method as object", """{"jsonrpc":"2.0","id":1,"method":{"a":[1]}}""", -32600, "1" },
        { "id null", """{"jsonrpc":"2.0","id":null,"method":"ping"}""", -32600, null },
        { "id float", """{"jsonrpc":"2.0","id":1.5,"method":"ping"}""", -32600, null },
        { "id exponent", """{"jsonrpc":"2.0","id":1e3,"method":"ping"}""", -32600, null },
        { "id flag", """{"jsonrpc":"2.0","id":true,"method":"ping"}""", -32600, null },
        { "id object", """{"jsonrpc":"2.0","id":{},"method":"ping"}""", -32600, null },
        { "id array", """{"jsonrpc":"2.0","id":[1],"method":"ping"}""", -32600, null },
        { "id of 300 characters", $$"""{"jsonrpc":"2.0","id":"{{new string('i', 300)}}","method":"ping"}""", -32600, null },
        { "id of 400 digits", $$"""{"jsonrpc":"2.0","id":{{new string('9', 400)}},"method":"ping"}""", -32600, null },
        { "params array", """{"jsonrpc":"2.0","id":1,"method":"tools/list","params":[]}""", -32600, "1" },
        { "params null", """{"jsonrpc":"2.0","id":1,"method":"tools/list","params":null}""", -32600, "1" },
        { "params string", """{"jsonrpc":"2.0","id":1,"method":"tools/list","params":"x"}""", -32600, "1" },
        { "meta null", """{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":null}}""", -32600, "1" },
        { "two methods", """{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/list"}""", -32600, "1" },
        { "two methods, one escaped", """{"jsonrpc":"2.0","id":1,"method":"ping","m\u0065thod":"tools/list"}""", -32600, "1" },
        { "two params", """{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{},"params":{}}""", -32600, "1" },
        { "two jsonrpc", """{"jsonrpc":"2.0","jsonrpc":"2.0","id":1,"method":"ping"}""", -32600, "1" },
        { "two names", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"bad_input","name":"other"}}""", -32600, "1" },
        { "two names, one escaped", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"bad_input","n\u0061me":"other"}}""", -32600, "1" },
        { "two arguments", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"bad_input","arguments":{},"arguments":{}}}""", -32600, "1" },
        { "two metas", """{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{},"_meta":{}}}""", -32600, "1" },
        { "two tokens in meta", """{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{"progressToken":1,"progressToken":2}}}""", -32600, "1" },
        { "two versions in meta", """{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2025-11-25","io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}""", -32600, "1" },
        { "request and response in one", """{"jsonrpc":"2.0","id":1,"method":"ping","result":{}}""", -32600, "1" },
        { "result and error in one", """{"jsonrpc":"2.0","id":1,"result":{},"error":{"code":1,"message":"m"}}""", -32600, "1" },
        { "response without an id", """{"jsonrpc":"2.0","result":{}}""", -32600, null },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_body_that_is_no_message_is_400_and_goes_nowhere(string title, string body, int code, string? id)
    {
        await world.ToolAsync("bad_input");
        var before = world.Upstream.Requests.Count;
        var agent = world.Agent(Revision.V202506);

        var reply = await agent.PostAsync(Encoding.Latin1.GetBytes(body));

        Assert.True((reply.Status, reply.Code, reply.Id) == (400, code, id), $"{title}: {reply.Status} {reply.Text}");
        Assert.Equal("application/json", reply.Header("Content-Type"));
        Assert.Equal(before, world.Upstream.Requests.Count);
        (await agent.RequestAsync("ping")).IsResult();
    }

    [Theory]
    [InlineData("""{"city":"a","city":"b"}""")]
    [InlineData("""{"city":"a","cit\u0079":"b"}""")]
    [InlineData("""{"deep":{"list":[{"x":1,"x":2}]}}""")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("null")]
    [InlineData("7")]
    public async Task Arguments_that_two_readers_could_read_differently_are_invalid_params(string arguments)
    {
        await world.ToolAsync("bad_input");
        var before = world.Upstream.Requests.Count;

        foreach (var revision in Revision.All)
        {
            (await world.Agent(revision).CallAsync("bad_input", arguments)).Is(200, -32602);
        }

        Assert.Equal(before, world.Upstream.Requests.Count);
    }

    [Theory]
    [InlineData("\"name\":7")]
    [InlineData("\"name\":null")]
    [InlineData("\"name\":[\"bad_input\"]")]
    [InlineData("\"name\":\"\"")]
    public async Task A_name_that_is_no_name_is_an_error(string members)
    {
        var reply = await world.Agent(Revision.V202511).RequestAsync("tools/call", members);

        Assert.Contains(reply.Code, new[] { -32600, -32602 });
        Assert.Equal("1", reply.Id);
    }

    [Fact]
    public async Task A_depth_below_the_limit_passes()
    {
        await world.ToolAsync("bad_depth", "method: POST");

        (await world.Modern().CallAsync("bad_depth", $$"""{"a":{{new string('[', 55)}}{{new string(']', 55)}}}""")).IsResult();
    }

    [Fact]
    public async Task A_method_name_comes_back_shortened()
    {
        var reply = await world.Agent(Revision.V202511).RequestAsync(new string('m', 1_000_000));

        Assert.True(reply.Is(200, -32601).Text.Length < 1000);
    }

    [Fact]
    public async Task The_name_of_an_unknown_tool_comes_back_shortened()
    {
        var reply = await world.Agent(Revision.V202511).CallAsync(new string('t', 1_000_000));

        Assert.True(reply.Is(200, -32602).Text.Length < 1000);
    }

    [Fact]
    public async Task Shortening_does_not_cut_a_character_in_two()
    {
        var method = await world.Agent(Revision.V202511).RequestAsync(new string('m', 99) + "😀😀");
        var tool = await world.Agent(Revision.V202511).CallAsync(new string('t', 127) + "😀😀");

        Assert.DoesNotContain('\uFFFD', method.Message);
        Assert.DoesNotContain('\uFFFD', tool.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ten_megabytes_are_413_and_the_next_request_is_served(bool chunked)
    {
        var agent = world.Agent(Revision.V202506);
        using var request = agent.Post(Encoding.UTF8.GetBytes(agent.Body("ping", $"\"pad\":\"{new string('x', 10 * 1024 * 1024)}\"")));
        request.Headers.TransferEncodingChunked = chunked;

        var reply = await agent.SendAsync(request);

        reply.Is(413, -31001);
        (await agent.RequestAsync("ping")).IsResult();
    }

    [Fact]
    public async Task Four_megabytes_are_read()
    {
        var agent = world.Agent(Revision.V202506);
        var frame = agent.Body("ping", "\"pad\":\"\"").Length;

        (await agent.RequestAsync("ping", $"\"pad\":\"{new string('x', (4 * 1024 * 1024) - frame)}\"")).IsResult();
        (await agent.RequestAsync("ping", $"\"pad\":\"{new string('x', (4 * 1024 * 1024) - frame + 1)}\"")).Is(413, -31001);
    }

    [Theory]
    [InlineData(null, 415)]
    [InlineData("", 415)]
    [InlineData("text/plain", 415)]
    [InlineData("application/x-www-form-urlencoded", 415)]
    [InlineData("multipart/form-data; boundary=x", 415)]
    [InlineData("application/jsonp", 415)]
    [InlineData("application/json5", 415)]
    [InlineData("application/json-patch+json", 415)]
    [InlineData("text/json", 415)]
    [InlineData("application/json", 200)]
    [InlineData("Application/JSON; charset=utf-8", 200)]
    [InlineData("application/json;charset=\"utf-8\"", 200)]
    [InlineData("application/json ; charset=utf-8", 200)]
    public async Task Only_JSON_is_read(string? type, int status)
    {
        var agent = world.Agent(Revision.V202506);

        (await agent.PostAsync(agent.Body("ping"), ("Content-Type", type))).Is(status, status == 200 ? 0 : -31002);
    }

    [Theory]
    [InlineData("text/html", 406)]
    [InlineData("image/png, text/plain", 406)]
    [InlineData("application/xml", 406)]
    [InlineData("application/json", 200)]
    [InlineData("application/json, text/event-stream", 200)]
    [InlineData("text/event-stream;q=0.5, application/json;q=0.9", 200)]
    [InlineData("application/*", 200)]
    [InlineData("*/*", 200)]
    [InlineData(null, 200)]
    public async Task Only_what_the_gateway_can_write_is_acceptable(string? accept, int status)
    {
        var agent = world.Agent(Revision.V202506);

        (await agent.PostAsync(agent.Body("ping"), ("Accept", accept))).Is(status, status == 200 ? 0 : -31008);
    }
}
