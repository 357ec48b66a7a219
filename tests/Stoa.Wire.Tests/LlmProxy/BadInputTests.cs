using System.Net;
using System.Text;
using System.Text.Json;
using Stoa.Testing.Llm;

namespace Stoa.Wire.Tests.LlmProxy;

/// <summary>Requests that no provider gets to see.</summary>
public sealed class BadInputTests : IAsyncLifetime
{
    private const string Chat = "/v1/chat/completions";
    private const string Messages = "/v1/messages";
    private const string Responses = "/v1/responses";
    private const string Embeddings = "/v1/embeddings";

    private LlmWorld _world = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _world = await LlmWorld.StartAsync();

    public async ValueTask DisposeAsync()
    {
        Assert.All(LlmWorld.Shapes, shape => Assert.Empty(_world[shape].Server.Requests));
        await _world.DisposeAsync();
    }

    [Theory]
    [InlineData(Chat, """{"model":"no-such","messages":[{"role":"user","content":"Hi"}]}""", 404, "model_not_found")]
    [InlineData(Responses, """{"model":"no-such","input":"Hi"}""", 404, "model_not_found")]
    [InlineData(Embeddings, """{"model":"no-such","input":"Hi"}""", 404, "model_not_found")]
    [InlineData(Embeddings, """{"model":"anthropic-model","input":"Hi"}""", 400, "unsupported_request")]
    [InlineData(Responses, """{"model":"gemini-model","input":"Hi","previous_response_id":"resp_1"}""", 400, "unsupported_request")]
    [InlineData(Chat, "", 400, "malformed_body")]
    [InlineData(Chat, "[]", 400, "malformed_body")]
    [InlineData(Chat, """{"model":"openai-model","messages":[{"role":"user","content":"Hi"}]""", 400, "malformed_body")]
    [InlineData(Chat, """{"model":"openai-model","messages":[{"role":"user","content":"Hi"}]} {}""", 400, "malformed_body")]
    [InlineData(Chat, """{"model":"openai-model"}""", 400, null)]
    [InlineData(Chat, """{"messages":[{"role":"user","content":"Hi"}]}""", 400, null)]
    [InlineData(Chat, """{"model":7,"messages":[{"role":"user","content":"Hi"}]}""", 400, null)]
    [InlineData(Chat, """{"model":"openai-model","messages":"Hi"}""", 400, null)]
    [InlineData(Chat, """{"model":"openai-model","messages":[{"role":"user","content":"Hi"}],"stream":"yes"}""", 400, null)]
    [InlineData(Chat, """{"model":"openai-model","messages":[{"role":"user","content":"Hi"}],"max_tokens":-1}""", 400, null)]
    [InlineData(Chat, """{"model":"openai-model","model":"azure-model","messages":[{"role":"user","content":"Hi"}]}""", 400, null)]
    [InlineData(Chat, """{"model":"openai-model","messages":[{"role":"user","content":"Hi"}],"tools":{}}""", 400, null)]
    [InlineData(Chat, """{"model":"openai-model","messages":[{"role":"user","content":"Hi"}],"tools":[7]}""", 400, null)]
    [InlineData(Chat, """{"model":"openai-model","messages":[{"role":"user","content":"Hi"}],"tools":[{"type":"function"}]}""", 400, null)]
    [InlineData(Chat, """{"model":"openai-model","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"http://169.254.169.254/metadata"}}]}]}""", 400, null)]
    [InlineData(Chat, """{"model":"openai-model","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://localhost/x.png"}}]}]}""", 400, null)]
    [InlineData(Chat, """{"model":"openai-model","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"http://10.0.0.8/x.png"}}]}]}""", 400, null)]
    [InlineData(Chat, """{"model":"openai-model","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"file:///etc/passwd"}}]}]}""", 400, null)]
    public async Task A_bad_request_is_refused_in_OpenAIs_shape(string url, string body, int status, string? code)
    {
        using var response = await _world.PostAsync(url, body, Ct);
        var text = await response.Content.ReadAsStringAsync(Ct);

        Assert.True(status == (int)response.StatusCode, text);
        var error = JsonElement.Parse(text).GetProperty("error");
        Assert.Equal("invalid_request_error", error.GetProperty("type").GetString());
        Assert.NotEmpty(error.GetProperty("message").GetString()!);
        Assert.True(error.TryGetProperty("param", out _));
        Assert.Equal(code ?? error.GetProperty("code").GetString(), error.GetProperty("code").GetString());
        Assert.Equal("false", Assert.Single(response.Headers.GetValues("x-should-retry")));
        Assert.False(response.Headers.Contains("x-stoa-cost-usd"));
    }

    [Theory]
    [InlineData("""{"model":"no-such","max_tokens":9,"messages":[{"role":"user","content":"Hi"}]}""", 404, "not_found_error")]
    [InlineData("{", 400, "invalid_request_error")]
    [InlineData("""{"model":"anthropic-model","max_tokens":"many","messages":[{"role":"user","content":"Hi"}]}""", 400, "invalid_request_error")]
    [InlineData("""{"model":"anthropic-model","max_tokens":9,"messages":[{"role":"user","content":"Hi"}],"tools":[{}]}""", 400, "invalid_request_error")]
    [InlineData("""{"model":"anthropic-model","max_tokens":9,"messages":[{"role":"user","content":[{"type":"image","source":{"type":"url","url":"http://192.168.1.1/x.png"}}]}]}""", 400, "invalid_request_error")]
    public async Task A_bad_request_is_refused_in_Anthropics_shape(string body, int status, string type)
    {
        using var response = await _world.PostAsync(Messages, body, Ct);
        var text = await response.Content.ReadAsStringAsync(Ct);

        Assert.True(status == (int)response.StatusCode, text);
        var error = JsonElement.Parse(text);
        Assert.Equal(("error", type), (error.GetProperty("type").GetString(), error.GetProperty("error").GetProperty("type").GetString()));
        Assert.Equal(Assert.Single(response.Headers.GetValues("request-id")), error.GetProperty("request_id").GetString());
    }

    [Theory]
    [InlineData(Chat)]
    [InlineData(Messages)]
    public async Task A_body_that_is_not_there_or_compressed_is_called_that(string url)
    {
        using var empty = await _world.PostAsync(url, "", Ct);
        using var content = new ByteArrayContent([0x1F, 0x8B, 8, 0]) { Headers = { { "Content-Type", "application/json" }, { "Content-Encoding", "gzip" } } };
        using var compressed = await _world.Client.PostAsync(url, content, Ct);

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.UnsupportedMediaType), (empty.StatusCode, compressed.StatusCode));
        Assert.Contains("The body is empty.", await MessageAsync(empty), StringComparison.Ordinal);
        Assert.Contains("without Content-Encoding", await MessageAsync(compressed), StringComparison.Ordinal);

        static async Task<string> MessageAsync(HttpResponseMessage response) =>
            JsonElement.Parse(await response.Content.ReadAsStringAsync(Ct)).GetProperty("error").GetProperty("message").GetString()!;
    }

    [Theory]
    [InlineData("""{"model":"anthropic-model","messages":[{"role":"user","content":"Hi"}],"n":2}""", "'n'", "unsupported_request")]
    [InlineData("""{"model":"anthropic-model","messages":[{"role":"alien","content":"Hi"}]}""", "'messages[].role'", "malformed_request")]
    public async Task What_cannot_be_translated_is_refused_in_the_gateways_own_code(string body, string field, string code)
    {
        using var response = await _world.PostAsync(Chat, body, Ct);
        var error = JsonElement.Parse(await response.Content.ReadAsStringAsync(Ct)).GetProperty("error");

        Assert.Equal((HttpStatusCode.BadRequest, code), (response.StatusCode, error.GetProperty("code").GetString()));
        Assert.StartsWith(field, error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_administrators_key_is_told_that_it_calls_no_models()
    {
        using var response = await _world.Gateway.Admin.PostAsync(Chat, new StringContent("""{"model":"openai-model","messages":[{"role":"user","content":"Hi"}]}"""), Ct);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Contains("no tools and no models", await response.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_at_fault_is_named()
    {
        using var response = await _world.PostAsync(Chat, """{"model":"openai-model","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"http://127.0.0.1/x.png"}}]}]}""", Ct);

        var error = JsonElement.Parse(await response.Content.ReadAsStringAsync(Ct)).GetProperty("error");
        Assert.StartsWith("messages", error.GetProperty("param").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Chat, "invalid_request_error")]
    [InlineData(Messages, "request_too_large")]
    public async Task Twenty_megabytes_and_a_byte_are_too_much(string url, string type)
    {
        const int Most = 20 * 1024 * 1024;
        using var response = await _world.Client.PostAsync(url, new ByteArrayContent(new byte[Most + 1]), Ct);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal(type, JsonElement.Parse(await response.Content.ReadAsStringAsync(Ct)).GetProperty("error").GetProperty("type").GetString());
    }

    [Fact]
    public async Task A_body_of_unknown_length_is_cut_at_the_cap()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Chat) { Content = new StreamContent(new MemoryStream(new byte[(20 * 1024 * 1024) + 1])) };
        request.Headers.TransferEncodingChunked = true;
        using var response = await _world.Client.SendAsync(request, Ct);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }
}

/// <summary>Just below the cap, which is the other side of the same edge.</summary>
public sealed class LargeRequestTests
{
    [Fact]
    public async Task Twenty_megabytes_get_through()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var world = await LlmWorld.StartAsync();
        const string Head = """{"model":"openai-model","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,""";
        const string Tail = "\"}}]}]}";
        var body = new StringBuilder(Head, 20 * 1024 * 1024).Append('A', (20 * 1024 * 1024) - Head.Length - Tail.Length).Append(Tail).ToString();
        using var response = await world.PostAsync("/v1/chat/completions", body, ct);

        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(ct));
        Assert.Equal(body.Length, Assert.Single(world[LlmShape.OpenAI].Server.Requests).Body.Length);
    }
}
