using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Stoa.Testing.Llm;

namespace Stoa.Wire.Tests.LlmProxy;

/// <summary>URLs, credentials and headers of the doors of models.</summary>
public sealed class DoorTests : IAsyncLifetime
{
    private LlmWorld _world = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _world = await LlmWorld.StartAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData("/v1/chat/completions")]
    [InlineData("/openai/v1/chat/completions")]
    [InlineData("/openai/deployments/openai-model/chat/completions?api-version=2024-10-21")]
    [InlineData("/openai/deployments/openai-model/chat/completions")]
    public async Task Chat_completions_are_at_every_URL_of_OpenAI_and_Azure(string url)
    {
        using var response = await _world.PostAsync(url, """{"model":"openai-model","messages":[{"role":"user","content":"Hello?"}]}""", Ct);

        Assert.Equal("Hello from openai-model: all is well.", (await JsonAsync(response)).GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
        Assert.Equal("openai", Header(response, "x-stoa-llm-provider"));
        Assert.Equal("openai-model", Header(response, "x-stoa-llm-model"));
        Assert.Equal("1", Header(response, "x-stoa-attempts"));
        Assert.Matches(@"^0\.0000\d\d$", Header(response, "x-stoa-cost-usd"));
        Assert.Equal(Header(response, "x-stoa-trace-id"), Header(response, "x-request-id"));
        Assert.Equal(Header(response, "x-stoa-trace-id"), Header(response, "request-id"));
    }

    [Theory]
    [InlineData("""{"model":"mistral-model","messages":[{"role":"user","content":"Hello?"}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":"Hello?"}]}""")]
    [InlineData("""{"model":null,"messages":[{"role":"user","content":"Hello?"}]}""")]
    [InlineData("""{"model":"","messages":[{"role":"user","content":"Hello?"}]}""")]
    public async Task On_Azures_URLs_the_deployment_is_the_model_whatever_the_body_says(string body)
    {
        using var response = await _world.PostAsync("/openai/deployments/azure-model/chat/completions?api-version=2024-10-21", body, Ct);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("azure-model", Header(response, "x-stoa-llm-model"));
        Assert.Equal("azure-model", JsonElement.Parse(Assert.Single(_world[LlmShape.Azure].Server.Requests).BodyText).GetProperty("model").GetString());
    }

    [Theory]
    [InlineData("Authorization")]
    [InlineData("x-api-key")]
    [InlineData("api-key")]
    public async Task A_key_is_taken_from_wherever_an_SDK_puts_it(string header)
    {
        var client = _world.Gateway.ClientFor(null);
        client.DefaultRequestHeaders.TryAddWithoutValidation(header, header is "Authorization" ? $"Bearer {_world.Key}" : _world.Key);
        using var response = await client.GetAsync("/v1/models", Ct);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    // Keys in URLs end up in logs of everything in between, and no door of ours speaks Gemini.
    [Theory]
    [InlineData("x-goog-api-key", "/v1/models")]
    [InlineData(null, "/v1/models?key=")]
    public async Task A_key_in_the_places_of_Gemini_is_no_key(string? header, string url)
    {
        var client = _world.Gateway.ClientFor(null);
        if (header is not null)
        {
            client.DefaultRequestHeaders.Add(header, _world.Key);
        }

        using var response = await client.GetAsync(header is null ? url + _world.Key : url, Ct);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("invalid_api_key", (await JsonAsync(response)).GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Two_different_keys_are_refused()
    {
        _world.Client.DefaultRequestHeaders.Add("x-api-key", "stoa_sk_another");
        using var response = await _world.Client.GetAsync("/v1/models", Ct);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("conflicting_credentials", (await JsonAsync(response)).GetProperty("error").GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("POST", "/v1/chat/completion", 404, "not_found")]
    [InlineData("POST", "/v1/images/generations", 404, "not_found")]
    [InlineData("GET", "/v1/responses/resp_1", 404, "not_found")]
    [InlineData("POST", "/openai/deployments/gpt/images/generations", 404, "not_found")]
    [InlineData("GET", "/v1/chat/completions", 405, "method_not_allowed")]
    [InlineData("DELETE", "/v1/models/openai-model", 405, "method_not_allowed")]
    public async Task What_is_not_served_is_refused_in_OpenAIs_shape(string method, string url, int status, string code)
    {
        using var response = await _world.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), url), Ct);

        Assert.Equal(status, (int)response.StatusCode);
        var error = (await JsonAsync(response)).GetProperty("error");
        Assert.Equal(("invalid_request_error", code), (error.GetProperty("type").GetString(), error.GetProperty("code").GetString()));
    }

    [Theory]
    [InlineData("GET", "/v1/messages", 405, "invalid_request_error")]
    [InlineData("POST", "/v1/messages/batches", 404, "not_found_error")]
    public async Task What_is_not_served_of_messages_is_refused_in_Anthropics_shape(string method, string url, int status, string type)
    {
        using var response = await _world.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), url), Ct);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(type, (await JsonAsync(response)).GetProperty("error").GetProperty("type").GetString());
    }

    [Theory]
    [InlineData("/v1/realtime?model=openai-model")]
    [InlineData("/v1/responses")]
    public async Task WebSockets_are_not_implemented_and_nobody_need_try_again(string url)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.TryAddWithoutValidation("Connection", "Upgrade");
        request.Headers.TryAddWithoutValidation("Upgrade", "websocket");
        using var response = await _world.Client.SendAsync(request, Ct);

        Assert.Equal(HttpStatusCode.NotImplemented, response.StatusCode);
        Assert.Equal("websocket_unsupported", (await JsonAsync(response)).GetProperty("error").GetProperty("code").GetString());
        Assert.Equal("false", Header(response, "x-should-retry"));
    }

    [Fact]
    public async Task Models_are_listed_in_the_shape_of_whoever_asks()
    {
        using var openai = await _world.Client.GetAsync("/v1/models", Ct);
        var list = await JsonAsync(openai);
        Assert.Equal("list", list.GetProperty("object").GetString());
        Assert.Equal(LlmWorld.Shapes.Select(LlmWorld.ModelOf).Order(), list.GetProperty("data").EnumerateArray().Select(m => m.GetProperty("id").GetString()).Order());
        Assert.All(list.GetProperty("data").EnumerateArray(), m => Assert.True(m.GetProperty("created").GetInt64() > 0));

        _world.Client.DefaultRequestHeaders.Add("anthropic-version", "2023-06-01");
        using var anthropic = await _world.Client.GetAsync("/v1/models", Ct);
        list = await JsonAsync(anthropic);
        Assert.False(list.GetProperty("has_more").GetBoolean());
        Assert.Equal(list.GetProperty("first_id").GetString(), list.GetProperty("data")[0].GetProperty("id").GetString());
        Assert.All(list.GetProperty("data").EnumerateArray(), m => Assert.Equal("model", m.GetProperty("type").GetString()));
        Assert.All(list.GetProperty("data").EnumerateArray(), m => m.GetProperty("created_at").GetDateTimeOffset());
    }

    [Fact]
    public async Task An_unknown_model_cannot_be_looked_up()
    {
        using var known = await _world.Client.GetAsync("/v1/models/gemini-model", Ct);
        Assert.Equal("gemini-model", (await JsonAsync(known)).GetProperty("id").GetString());

        using var unknown = await _world.Client.GetAsync("/v1/models/org%2Fnone", Ct);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        var error = (await JsonAsync(unknown)).GetProperty("error");
        Assert.Equal("model_not_found", error.GetProperty("code").GetString());
        Assert.Contains("org/none", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_administrators_key_calls_no_models()
    {
        using var response = await _world.Gateway.Admin.PostAsync(
            "/v1/messages", new StringContent("""{"model":"anthropic-model","max_tokens":5,"messages":[{"role":"user","content":"Hello?"}]}""", Encoding.UTF8, "application/json"), Ct);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal("permission_error", (await JsonAsync(response)).GetProperty("error").GetProperty("type").GetString());
    }

    [Fact]
    public async Task Nothing_of_a_body_is_read_before_the_caller_is_known()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent("no json", Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "stoa_sk_nobody");
        using var response = await _world.Gateway.ClientFor(null).SendAsync(request, Ct);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("invalid_api_key", (await JsonAsync(response)).GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_page_that_may_read_the_answer_may_read_its_headers()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
        request.Headers.Add("Origin", "http://localhost:3000");
        using var response = await _world.Client.SendAsync(request, Ct);

        var exposed = Header(response, "Access-Control-Expose-Headers").Split(", ");
        Assert.All(
            ["x-stoa-cost-usd", "x-request-id", "retry-after-ms", "x-should-retry", "x-ratelimit-reset-tokens", "anthropic-ratelimit-tokens-reset"],
            name => Assert.Contains(name, exposed));
    }

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage response) => JsonElement.Parse(await response.Content.ReadAsStringAsync(Ct));

    private static string Header(HttpResponseMessage response, string name) => Assert.Single(response.Headers.GetValues(name));
}
