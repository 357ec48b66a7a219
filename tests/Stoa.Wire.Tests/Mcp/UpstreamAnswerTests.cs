using System.Text;
using Stoa.Testing;

namespace Stoa.Wire.Tests.Mcp;

/// <summary>What a tool's caller sees of what its upstream did, good and bad.</summary>
public sealed class UpstreamAnswerTests(World world) : IClassFixture<World>
{
    private const string Trace = "System.NullReferenceException: boom\n   at Crm.Orders.Load() in /src/Orders.cs:line 7";

    /// <summary>Status, content type, body and header lines of the upstream; what the text of the result holds; whether it is an error.</summary>
    public static TheoryData<int, string, string, string, bool> Answers => new()
    {
        { 200, "application/json", """{"a":1}""", """{"a":1}""", false },
        { 200, "application/json; charset=utf-8", " [1, 2] ", "[1, 2]", false },
        { 200, "application/hal+json", "\"x\"", "\"x\"", false },
        { 201, "application/json", "true", "true", false },
        { 200, "text/plain", "häuser", "häuser", false },
        { 200, "text/csv", "a;b\n1;2\n", "a;b\n1;2\n", false },
        { 200, "application/xml", "<a/>", "<a/>", false },
        { 200, "text/html", "<html>internal</html>", "HTML page", true },
        { 200, "application/octet-stream", "\0\u0001", "cannot be shown", true },
        { 200, "application/zip", "PK", "cannot be shown", true },
        { 200, "application/json", """{"a":1""", "malformed JSON", true },
        { 200, "application/json", """{"a":1} x""", "malformed JSON", true },
        { 200, "application/json", "<html>", "malformed JSON", true },
        { 200, "application/json", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", "malformed JSON", true },
        { 200, "application/json", """{"a":"\ud800"}""", "malformed JSON", true },
        { 400, "application/problem+json", """{"title":"Bad date","detail":"The date must be in the future","stack":"   at X"}""", "400 Bad Request. Bad date. The date must be in the future.", true },
        { 422, "application/problem+json", """{"title":"See https://crm.internal/errors"}""", "422 Unprocessable Entity.", true },
        { 409, "application/problem+json", """{"title":"Conflict","detail":"boom\n   at Crm.Orders.Load()"}""", "409 Conflict. Conflict.", true },
        { 400, "application/problem+json", "{", "400 Bad Request.", true },
        { 400, "application/problem+json", """{"title":"\ud800"}""", "400 Bad Request.", true },
        { 400, "application/problem+json", """{"\ud800":1,"title":"x"}""", "400 Bad Request.", true },
        { 400, "application/json", """{"error":"secret internals"}""", "400 Bad Request.", true },
        { 401, "text/plain", "token expired for svc-account", "does not accept the credential", true },
        { 403, "text/plain", "no", "does not accept the credential", true },
        { 404, "text/plain", "no such page", "404 Not Found.", true },
        { 429, "text/plain", "slow", "429 Too Many Requests. Try again later.", true },
        { 500, "text/plain", Trace, "failed with 500 Internal Server Error. Try again later.", true },
        { 500, "application/problem+json", """{"title":"System.NullReferenceException"}""", "failed with 500 Internal Server Error. Try again later.", true },
        { 503, "text/html", "<h1>nginx</h1>", "failed with 503 Service Unavailable", true },
        { 304, "text/plain", "", "304 Not Modified, which is no answer", true },
        { 299, "application/json", "{}", "{}", false },
        { 600, "text/plain", "x", "600", true },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task What_is_fit_for_an_agent_passes_and_the_rest_becomes_a_sentence(int status, string type, string body, string says, bool isError)
    {
        world.UpstreamAnswers(status, type, body);
        await world.ToolAsync("answers", "circuitBreaker: { enabled: false }");

        foreach (var revision in Revision.All)
        {
            var reply = (await world.Agent(revision).CallAsync("answers")).IsResult();
            Assert.True(isError == reply.IsToolError && reply.ToolText.Contains(says, StringComparison.Ordinal), reply.Text);
            Assert.DoesNotContain("internal", reply.IsToolError ? reply.ToolText : "", StringComparison.Ordinal);
        }

        var invoked = await world.InvokeAsync("answers");
        Assert.Equal((200, isError), (invoked.Status, invoked.Json.GetProperty("isError").GetBoolean()));
    }

    [Fact]
    public async Task An_empty_answer_is_said_to_be_empty()
    {
        world.UpstreamAnswers(exchange => exchange.SendAsync("HTTP/1.1 204 No Content\r\n\r\n"));
        await world.ToolAsync("empties");

        var reply = (await world.Modern().CallAsync("empties")).IsResult();

        Assert.Equal((false, "The upstream answered 204 No Content without content."), (reply.IsToolError, reply.ToolText));
    }

    [Theory]
    [InlineData("image/png", "image", Revision.Modern)]
    [InlineData("image/png", "image", Revision.V2024)]
    [InlineData("audio/wav", "audio", Revision.Modern)]
    [InlineData("audio/wav", "audio", Revision.V202503)]
    public async Task Media_travel_as_base64_with_their_type(string mediaType, string contentType, string revision)
    {
        var bytes = new byte[] { 0x89, 0x50, 0x4E, 0x47, 0, 0xFF };
        world.UpstreamAnswers(async exchange =>
        {
            await exchange.SendAsync($"HTTP/1.1 200 OK\r\nContent-Type: {mediaType}; q=1\r\nContent-Length: {bytes.Length}\r\n\r\n");
            await exchange.SendAsync(bytes);
        });
        await world.ToolAsync("media");

        var block = (await world.Agent(revision).CallAsync("media")).IsResult().Result.GetProperty("content")[0];

        Assert.Equal(contentType, block.GetProperty("type").GetString());
        Assert.Equal(mediaType, block.GetProperty("mimeType").GetString());
        Assert.Equal(bytes, block.GetProperty("data").GetBytesFromBase64());
    }

    [Fact]
    public async Task Audio_does_not_exist_in_2024_11_05()
    {
        world.UpstreamAnswers(200, "audio/wav", "RIFF");
        await world.ToolAsync("media");

        (await world.Agent(Revision.V2024).CallAsync("media")).IsToolErrorSaying("audio");
    }

    [Theory]
    [InlineData("text/plain; charset=iso-8859-1", "h\xE4user", "häuser")]
    [InlineData("text/plain; charset=utf-16", "h\0\xE4\0", null)]
    [InlineData("text/plain", "h\xE4user", null)]
    [InlineData("application/json; charset=iso-8859-1", "\"h\xE4user\"", null)]
    public async Task Text_in_another_encoding_is_read_or_refused_and_never_garbled(string type, string body, string? text)
    {
        var bytes = Encoding.Latin1.GetBytes(body);
        world.UpstreamAnswers(async exchange =>
        {
            await exchange.SendAsync($"HTTP/1.1 200 OK\r\nContent-Type: {type}\r\nContent-Length: {bytes.Length}\r\n\r\n");
            await exchange.SendAsync(bytes);
        });
        await world.ToolAsync("charsets");

        var reply = (await world.Modern().CallAsync("charsets")).IsResult();

        Assert.Equal(text is null, reply.IsToolError);
        Assert.Equal(text ?? reply.ToolText, reply.ToolText);
    }

    [Theory]
    [InlineData("120", "in 120 s")]
    [InlineData("-5", "later")]
    [InlineData("soon", "later")]
    [InlineData("Thu, 01 Jan 1970 00:00:00 GMT", "in 0 s")]
    public async Task A_busy_upstream_says_when_to_come_back(string retryAfter, string says)
    {
        world.UpstreamAnswers(429, "text/plain", "", "Retry-After: " + retryAfter);
        await world.ToolAsync("busy");

        (await world.Modern().CallAsync("busy")).IsToolErrorSaying(says);
    }

    /// <summary>Broken on the wire, told in words that name no host.</summary>
    public static TheoryData<string, string> Breakages => new()
    {
        { "hangs", "did not answer in time" },
        { "resets", "cut short or is not valid HTTP" },
        { "closes", "cut short or is not valid HTTP" },
        { "truncated", "cut short or is not valid HTTP" },
        { "truncated_chunks", "cut short or is not valid HTTP" },
        { "no_http", "cut short or is not valid HTTP" },
        { "endless", "larger than allowed" },
        { "claims_too_much", "larger than allowed" },
        { "huge_headers", "larger than allowed" },
        { "redirects_away", "may not be followed" },
        { "redirects_in_circles", "may not be followed" },
        { "redirects_to_metadata", "may not be followed" },
    };

    [Theory]
    [MemberData(nameof(Breakages))]
    public async Task An_upstream_that_breaks_is_an_error_of_the_tool_in_plain_words(string how, string says)
    {
        world.UpstreamAnswers(exchange => BreakAsync(how, exchange));
        await world.ToolAsync("broken_" + how, how == "hangs" ? "timeout: 100ms" : "maxResponseBytes: 64KiB");

        foreach (var revision in new[] { Revision.Modern, Revision.V202503 })
        {
            (await world.Agent(revision).CallAsync("broken_" + how)).IsToolErrorSaying(says);
        }
    }

    [Fact]
    public async Task An_upstream_that_is_not_there_is_an_error_of_the_tool()
    {
        using var gone = new ClosedPort();
        world.Secrecy.NeverInErrors(gone.EndPoint.ToString());
        await world.ApplyAsync(Given.Tool("gone", $"{gone.Url}x"), Given.Tool("nameless", "http://no-such-host.invalid/x"));

        (await world.Modern().CallAsync("gone")).IsToolErrorSaying("could not be reached");
    }

    [Theory]
    [InlineData("application/json", """{"ok":"yes"}""", "does not fit the output schema")]
    [InlineData("application/json", "[]", "does not fit the output schema")]
    [InlineData("text/plain", "fine", "something other than the JSON")]
    public async Task An_answer_that_breaks_the_tools_promise_is_an_error(string type, string body, string says)
    {
        world.UpstreamAnswers(200, type, body);
        await world.ToolAsync("promises", "outputSchema: { type: object, required: [ok], properties: { ok: { type: boolean } } }");

        (await world.Modern().CallAsync("promises")).IsToolErrorSaying(says);
    }

    private static async Task BreakAsync(string how, ScriptedExchange exchange)
    {
        switch (how)
        {
            case "hangs":
                await exchange.HangAsync();
                break;
            case "resets":
                exchange.Reset();
                break;
            case "closes":
                exchange.Close();
                break;
            case "truncated":
                await exchange.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"a\":");
                exchange.Close();
                break;
            case "truncated_chunks":
                await exchange.BeginAsync(200, "application/json");
                await exchange.ChunkAsync("{}");
                exchange.Close();
                break;
            case "no_http":
                await exchange.SendAsync("SSH-2.0-OpenSSH_9.6\r\n\r\n");
                exchange.Close();
                break;
            case "endless":
                await exchange.EndlessAsync("text/plain");
                break;
            case "claims_too_much":
                await exchange.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 9000000000\r\n\r\n");
                break;
            case "huge_headers":
                await exchange.SendAsync($"HTTP/1.1 200 OK\r\nX-Big: {new string('b', 100_000)}\r\nContent-Length: 0\r\n\r\n");
                break;
            case "redirects_away":
                await exchange.RedirectAsync("http://evil.example/steal");
                break;
            case "redirects_in_circles":
                await exchange.RedirectAsync("/circle");
                break;
            default:
                await exchange.RedirectAsync("http://169.254.169.254/metadata/identity");
                break;
        }
    }
}
