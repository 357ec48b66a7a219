using Stoa.Gateway.Kernel;
using Stoa.Gateway.Models;
using Stoa.Gateway.Models.Upstream;

namespace Stoa.Gateway.Tests.Models.Upstream;

/// <summary>What a caller hears of a provider's faults, and what it does not.</summary>
public sealed class ProviderFaultTests : IAsyncDisposable
{
    private readonly ModelBench _bench = new();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Theory]
    [InlineData(401, 502, "CredentialRefused")]
    [InlineData(402, 502, "CredentialRefused")]
    [InlineData(403, 502, "CredentialRefused")]
    [InlineData(404, 404, "Unavailable")]
    [InlineData(408, 408, "TimedOut")]
    [InlineData(429, 429, "RateLimited")]
    [InlineData(418, 400, "RequestRefused")]
    [InlineData(500, 503, "Unavailable")]
    [InlineData(529, 529, "Unavailable")]
    public async Task Words_that_are_not_about_the_request_stay_here(int status, int told, string kind)
    {
        const string Words = "Limit of organization org-4711 is reached";
        var upstream = await _bench.UpstreamAsync(exchange => exchange.AnswerAsync(status, "application/json", $$$"""{"error":{"message":"{{{Words}}}"}}"""));
        await _bench.ApplyAsync(ModelBench.Provider("p", upstream), ModelBench.Route("smart", "{ provider: p }"));

        var (call, text) = await _bench.AskAsync();

        Assert.Equal((told, kind), (call.Failure!.Status, call.Failure.Kind.ToString()));
        Assert.True(status is 404 or 418 || !text.Contains("4711", StringComparison.Ordinal), text);
        Assert.DoesNotContain("4711", string.Join('\n', _bench.Log), StringComparison.Ordinal);
        Assert.DoesNotContain(ModelBench.Key, text + string.Join('\n', _bench.Log), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_provider_that_repeats_our_key_in_an_error_about_the_request_is_not_repeated()
    {
        var upstream = await _bench.UpstreamAsync(static exchange => exchange.AnswerAsync(400, "application/json", $$$"""{"error":{"message":"You sent {{{ModelBench.Key}}}","code":"{{{ModelBench.Key}}}"}}"""));
        await _bench.ApplyAsync(ModelBench.Provider("p", upstream), ModelBench.Route("smart", "{ provider: p }"));

        var (call, text) = await _bench.AskAsync();

        Assert.Equal("The provider refused the request without saying why.", text);
        Assert.Null(call.Failure!.Code);
    }

    [Theory]
    [InlineData("<html><body>Sign in</body></html>", 502, "Nonsense")]
    [InlineData("{\"choices\":[", 502, "Nonsense")]
    [InlineData("", 502, "Nonsense")]
    [InlineData("[]", 502, "Nonsense")]
    [InlineData("{\"ok\":true}", 502, "Nonsense")]
    [InlineData("{\"error\":{\"message\":\"boom\",\"type\":\"overloaded_error\"}}", 529, "Unavailable")]
    public async Task An_answer_without_sense_is_said_to_be_one_and_costs_nothing(string body, int status, string kind)
    {
        var upstream = await _bench.UpstreamAsync(exchange => exchange.AnswerAsync(200, "application/json", body));
        await _bench.ApplyAsync(ModelBench.Provider("p", upstream), ModelBench.Route("smart", "{ provider: p }"));

        var (call, text) = await _bench.AskAsync();

        Assert.Equal((status, kind, 0L), (call.Failure!.Status, call.Failure.Kind.ToString(), call.Spent!.MicroUsd!.Value));
        Assert.DoesNotContain("boom", text, StringComparison.Ordinal);
    }

    // Such as one with the probabilities of every token: whoever asks for it has it made, and would have it made again elsewhere.
    [Theory]
    [InlineData(nameof(Wire.Chat))]
    [InlineData(nameof(Wire.Embeddings))]
    public async Task An_answer_that_is_too_long_to_be_read_is_charged_and_nobodys_fault_but_the_requests(string wire)
    {
        var upstream = await _bench.UpstreamAsync(static exchange => exchange.AnswerJsonAsync($$"""{"choices":[],"data":["{{new string('a', ModelExchange.MaxAnswer)}}"]}"""));
        var next = await _bench.UpstreamAsync();
        await _bench.ApplyAsync(
            ModelBench.Provider("p", upstream, "circuitBreaker: { failures: 1 }"), ModelBench.Provider("q", next), ModelBench.Route("smart", "{ provider: p }, { provider: q }"));
        var call = _bench.Call(wire: Enum.Parse<Wire>(wire));

        var (_, text) = await _bench.AskAsync(call);

        Assert.Equal(ModelFailureKind.RequestRefused, call.Failure!.Kind);
        Assert.Contains("20 MB", text, StringComparison.Ordinal);
        Assert.True(call.Spent!.Usage is { IsEstimate: true, Input: > 0 } && call.Spent.MicroUsd > 0);
        Assert.Equal(call.Demand!.OutputTokens, call.Spent.Usage.Output);
        Assert.Empty(next.Requests);
        Assert.True(_bench.Health.Of(call.Served!.Provider, call.Served.Model).Breaker.IsClosed);
    }

    [Fact]
    public async Task An_answer_that_does_not_say_what_it_used_is_counted_by_estimate()
    {
        var upstream = await _bench.UpstreamAsync(static exchange => exchange.AnswerJsonAsync("""{"choices":[{"message":{"content":"Hello there"}}]}"""));
        await _bench.ApplyAsync(ModelBench.Provider("p", upstream), ModelBench.Route("smart", "{ provider: p }"));

        var (call, _) = await _bench.AskAsync();

        // Eleven bytes of text are three tokens; the JSON around them was not written by the model.
        Assert.True(call.Spent!.Usage is { IsEstimate: true, Input: > 0, Output: 3 });
        Assert.True(call.Spent.MicroUsd > 0);
    }

    [Fact]
    public async Task An_answer_with_a_name_that_is_no_text_is_counted_all_the_same()
    {
        var upstream = await _bench.UpstreamAsync(static exchange => exchange.AnswerJsonAsync("""{"choices":[{"message":{"content":"Hello there","c\ud800":1}}],"\ud800":1}"""));
        await _bench.ApplyAsync(ModelBench.Provider("p", upstream), ModelBench.Route("smart", "{ provider: p }"));

        var (call, _) = await _bench.AskAsync();

        Assert.True(call.Spent!.Usage is { IsEstimate: true, Input: > 0, Output: > 0 });
    }

    [Fact]
    public async Task A_price_that_nobody_knows_is_told_as_unknown_and_not_as_nothing()
    {
        var upstream = await _bench.UpstreamAsync();
        await _bench.ApplyAsync(("LlmProvider", "p", $"{{ type: openai-compatible, baseUrl: '{upstream.Url}v1' }}"), ModelBench.Route("smart", "{ provider: p }"));

        var (call, _) = await _bench.AskAsync();

        Assert.Null(call.Demand!.Rates);
        Assert.Equal((new TokenUsage(1000, 100), null), (call.Spent!.Usage, call.Spent.MicroUsd));
    }

    [Fact]
    public async Task A_secret_that_is_gone_is_the_administrators_affair_and_nothing_is_sent()
    {
        var upstream = await _bench.UpstreamAsync();
        await _bench.ApplyAsync(
            ("LlmProvider", "p", $"{{ type: openai, baseUrl: '{upstream.Url}v1', auth: {{ secretRef: {{ name: gone, key: k }} }} }}"), ModelBench.Route("smart", "{ provider: p }"));

        var (call, text) = await _bench.AskAsync();

        Assert.Equal((502, ModelFailureKind.CredentialRefused, 0), (call.Failure!.Status, call.Failure.Kind, call.Attempts));
        Assert.DoesNotContain("gone", text, StringComparison.Ordinal);
        Assert.Empty(upstream.Requests);
    }

    [Fact]
    public async Task Tokens_are_counted_by_the_provider_where_it_can_and_by_estimate_elsewhere()
    {
        var counting = await _bench.UpstreamAsync(static exchange => exchange.AnswerJsonAsync("""{"input_tokens":14}"""));
        var other = await _bench.UpstreamAsync();
        await _bench.ApplyAsync(
            ("LlmProvider", "claude", $"{{ type: anthropic, baseUrl: '{counting.Url}' }}"), ModelBench.Provider("p", other),
            ModelBench.Route("exact", "{ provider: p }, { provider: claude, model: c }"), ModelBench.Route("rough", "{ provider: p }"));

        var exact = _bench.Call("exact", Wire.Messages, operation: Operation.CountTokens);
        var rough = _bench.Call("rough", Wire.Messages, operation: Operation.CountTokens);

        Assert.Equal("""{"input_tokens":14}""", (await _bench.AskAsync(exact)).Text);
        Assert.StartsWith("""{"input_tokens":""", (await _bench.AskAsync(rough)).Text, StringComparison.Ordinal);
        Assert.Equal((false, true), (exact.IsEstimate, rough.IsEstimate));
        Assert.Equal("/v1/messages/count_tokens", Assert.Single(counting.Requests).Target);
        Assert.Empty(other.Requests);
        Assert.Equal((0L, null), (exact.Spent!.Usage.Total, exact.Demand));
    }
}
