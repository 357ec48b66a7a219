using System.Text.Json;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Models;

namespace Stoa.Gateway.Tests.Models.Upstream;

/// <summary>What each provider sees: path, credential, headers. Over real sockets.</summary>
public sealed class UpstreamRequestTests : IAsyncDisposable
{
    private const string Secret = "auth: { secretRef: { name: s, key: k } }";

    private readonly ModelBench _bench = new();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Theory]
    [InlineData("openai", "v1", "chat", "/v1/chat/completions", "Authorization: Bearer KEY")]
    [InlineData("openai", "v1/", "responses", "/v1/responses", "Authorization: Bearer KEY")]
    [InlineData("openai", "v1", "embeddings", "/v1/embeddings", "Authorization: Bearer KEY")]
    [InlineData("azure-openai", "", "chat", "/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21", "api-key: KEY")]
    [InlineData("azure-openai", "openai", "embeddings", "/openai/deployments/gpt-4o/embeddings?api-version=2024-10-21", "api-key: KEY")]
    [InlineData("azure-openai", "", "responses", "/openai/v1/responses", "api-key: KEY")]
    [InlineData("anthropic", "", "messages", "/v1/messages", "x-api-key: KEY")]
    [InlineData("anthropic", "v1", "messages", "/v1/messages", "x-api-key: KEY")]
    [InlineData("mistral", "v1", "chat", "/v1/chat/completions", "Authorization: Bearer KEY")]
    [InlineData("gemini", "v1beta", "embeddings", "/v1beta/openai/embeddings", "Authorization: Bearer KEY")]
    [InlineData("gemini", "v1beta", "chat", "/v1beta/models/gpt-4o:generateContent", "x-goog-api-key: KEY")]
    [InlineData("openai-compatible", "v1", "chat", "/v1/chat/completions", "Authorization: Bearer KEY")]
    [InlineData("openai-compatible", "v1", "responses", "/v1/chat/completions", "Authorization: Bearer KEY")]
    public async Task A_provider_is_called_at_its_own_path_with_the_gateways_key_in_its_own_header(string type, string path, string door, string target, string credential)
    {
        var upstream = await _bench.UpstreamAsync(static exchange => exchange.AnswerAsync(500, "text/plain", "no"));
        await _bench.ApplyAsync(
            ("LlmProvider", "p", $"{{ type: {type}, baseUrl: '{upstream.Url}{path}', {Secret} }}"), ModelBench.Route("smart", "{ provider: p, model: gpt-4o }"));

        await _bench.AskAsync(_bench.Call(wire: Enum.Parse<Wire>(door, ignoreCase: true), headers: Callers));

        var request = Assert.Single(upstream.Requests);
        var (name, value) = (credential.Split(": ")[0], credential.Split(": ")[1].Replace("KEY", ModelBench.Key, StringComparison.Ordinal));
        Assert.Equal(("POST", target, value), (request.Method, request.Target, request.Header(name)));
        Assert.Equal("application/json", request.Header("Content-Type"));
        Assert.Single(request.HeaderLines, line => line.Contains(ModelBench.Key, StringComparison.Ordinal));
        Assert.DoesNotContain(request.HeaderLines, line => line.Contains("callers-own", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_the_callers_headers_only_those_go_on_that_change_what_the_wire_means()
    {
        var upstream = await _bench.UpstreamAsync(static exchange => exchange.AnswerAsync(500, "text/plain", "no"));
        await _bench.ApplyAsync(
            ("LlmProvider", "p", $"{{ type: anthropic, baseUrl: '{upstream.Url}', {Secret}, headers: {{ X-Team: blue }} }}"), ModelBench.Route("smart", "{ provider: p }"));

        await _bench.AskAsync(_bench.Call(wire: Wire.Messages, headers: [.. Callers, ("anthropic-beta", "files-2025"), ("anthropic-version", "2024-01-01"), ("X-Team", "red")]));

        var request = Assert.Single(upstream.Requests);
        Assert.Equal(("files-2025", "2024-01-01", "blue"), (request.Header("anthropic-beta"), request.Header("anthropic-version"), request.Header("X-Team")));
        Assert.Equal(
            ["Accept", "Content-Length", "Content-Type", "Host", "User-Agent", "X-Team", "anthropic-beta", "anthropic-version", "x-api-key"],
            request.HeaderLines.Select(l => l.Split(':')[0]).Where(n => n != "traceparent").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Anthropic_gets_a_version_when_the_caller_names_none()
    {
        var upstream = await _bench.UpstreamAsync(static exchange => exchange.AnswerAsync(500, "text/plain", "no"));
        await _bench.ApplyAsync(("LlmProvider", "p", $"{{ type: anthropic, baseUrl: '{upstream.Url}', {Secret} }}"), ModelBench.Route("smart", "{ provider: p }"));

        await _bench.AskAsync(_bench.Call(wire: Wire.Chat, headers: ("anthropic-beta", "files-2025")));

        var request = Assert.Single(upstream.Requests);
        Assert.Equal(("2023-06-01", null), (request.Header("anthropic-version"), request.Header("anthropic-beta")));
    }

    [Fact]
    public async Task Azure_is_called_by_deployment_and_with_the_gateways_identity_when_it_is_lent()
    {
        var upstream = await _bench.UpstreamAsync();
        await _bench.ApplyAsync(
            ("LlmProvider", "p", $"{{ type: azure-openai, baseUrl: '{upstream.Url}', apiVersion: 2025-01-01-preview, auth: {{ managedIdentity: true }}, deployments: {{ gpt-4o: our-4o }} }}"),
            ModelBench.Route("smart", "{ provider: p, model: gpt-4o }"));

        var (call, _) = await _bench.AskAsync();

        var request = Assert.Single(upstream.Requests);
        Assert.Equal("/openai/deployments/our-4o/chat/completions?api-version=2025-01-01-preview", request.Target);
        Assert.Equal(("Bearer identity-token", null), (request.Header("Authorization"), request.Header("api-key")));
        Assert.Equal("gpt-4o", call.Served!.Model);
    }

    [Fact]
    public async Task A_server_that_asks_for_nothing_gets_no_credential()
    {
        var upstream = await _bench.UpstreamAsync();
        await _bench.ApplyAsync(("LlmProvider", "p", $"{{ type: openai-compatible, baseUrl: '{upstream.Url}v1' }}"), ModelBench.Route("smart", "{ provider: p, model: llama3 }"));

        await _bench.AskAsync(_bench.Call(headers: Callers));

        Assert.DoesNotContain(Assert.Single(upstream.Requests).HeaderLines, l => l.StartsWith("Authorization", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_request_passes_through_with_its_unknown_fields_and_the_targets_model()
    {
        var upstream = await _bench.UpstreamAsync();
        await _bench.ApplyAsync(ModelBench.Provider("p", upstream), ModelBench.Route("smart", "{ provider: p, model: llama3 }", "maxOutputTokens: 20"));

        var (call, answer) = await _bench.AskAsync();

        var body = JsonElement.Parse(Assert.Single(upstream.Requests).BodyText);
        Assert.Equal("llama3", body.GetProperty("model").GetString());
        Assert.Equal("[1, 2]", body.GetProperty("x_unknown").GetRawText());
        Assert.Equal(20, body.EnumerateObject().Single(m => m.Name.StartsWith("max_", StringComparison.Ordinal)).Value.GetInt32());
        Assert.Equal(ModelBench.ChatAnswer, answer);
        Assert.Equal((new TokenUsage(1000, 100), 1200L), (call.Spent!.Usage, call.Spent.MicroUsd));
    }

    [Fact]
    public async Task A_model_can_name_no_other_path()
    {
        var upstream = await _bench.UpstreamAsync(static exchange => exchange.AnswerAsync(500, "text/plain", "no"));
        await _bench.ApplyAsync(
            ("LlmProvider", "p", $"{{ type: gemini, baseUrl: '{upstream.Url}', {Secret} }}"), ModelBench.Route("any", "{ provider: p }", "models: ['g*']"));

        await _bench.AskAsync(_bench.Call("g/../../admin"));
        Assert.Equal("/models/g%2F..%2F..%2Fadmin:generateContent", Assert.Single(upstream.Requests).Target);
        Assert.Equal(RefusalKind.UnknownModel, (await _bench.ResolveAsync(_bench.Call("g?x=1")))!.Kind);
        Assert.Equal(RefusalKind.UnknownModel, (await _bench.ResolveAsync(_bench.Call("g#x")))!.Kind);
    }

    [Fact]
    public async Task A_probe_asks_for_models_and_says_what_came_of_it()
    {
        var status = 200;
        var upstream = await _bench.UpstreamAsync(exchange => exchange.AnswerAsync(status, "application/json", $"{{\"error\":{{\"message\":\"{ModelBench.Key}\"}}}}"));
        await _bench.ApplyAsync(("LlmProvider", "p", $"{{ type: gemini, baseUrl: '{upstream.Url}v1beta', {Secret} }}"));
        var provider = Stoa.Gateway.Models.Routing.ModelCatalog.Of(_bench.Revision).Providers["p"];

        var good = await _bench.Probe.RunAsync(provider, CancellationToken.None);
        status = 401;
        var bad = await _bench.Probe.RunAsync(provider, CancellationToken.None);

        Assert.Equal((true, 200, null), (good.IsHealthy, good.Status!.Value, good.Error));
        Assert.Equal((false, 401), (bad.IsHealthy, bad.Status!.Value));
        Assert.DoesNotContain(ModelBench.Key, bad.Error, StringComparison.Ordinal);
        Assert.Equal(("GET", "/v1beta/models?pageSize=1", ModelBench.Key), (upstream.Requests[0].Method, upstream.Requests[0].Target, upstream.Requests[0].Header("x-goog-api-key")));
    }

    private static (string Name, string Value)[] Callers =>
    [
        ("Authorization", "Bearer callers-own"), ("x-api-key", "callers-own"), ("api-key", "callers-own"), ("Cookie", "callers-own"), ("OpenAI-Organization", "callers-own"),
    ];
}
