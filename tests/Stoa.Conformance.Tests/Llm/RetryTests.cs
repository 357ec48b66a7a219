using System.Collections.Concurrent;
using System.Text.Json;
using Stoa.Testing.Llm;

namespace Stoa.Conformance.Tests.Llm;

/// <summary>SDKs that repeat calls by themselves do it when and as often as our headers say.</summary>
public sealed class RetryTests : IAsyncLifetime
{
    private readonly ConcurrentDictionary<string, int> _asked = new();
    private LlmWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await LlmWorld.StartAsync(Script);

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    // The wait is a lower bound: how much longer it takes is the machine's affair. Timers of Node may be early by a millisecond.
    [Theory]
    [InlineData("openai", "limited for a second", 999)]
    [InlineData("openai", "limited for 300 ms", 299)]
    [InlineData("openai", "overloaded", 0)]
    [InlineData("anthropic", "limited for a second", 999)]
    [InlineData("anthropic", "overloaded", 0)]
    [InlineData("ai", "limited for a second", 999)]
    public async Task A_call_that_may_pass_is_repeated_after_the_wait(string sdk, string prompt, double wait)
    {
        foreach (var shape in (LlmShape[])[LlmShape.OpenAI, LlmShape.Anthropic])
        {
            var outcome = await RunAsync(sdk, _world.Key, shape, prompt);

            Assert.True(outcome.Succeeded, $"{sdk} before {shape}: {outcome}");
            Assert.True(outcome.Ms >= wait, $"{sdk} came back after {outcome.Ms} ms.");
            Assert.Equal(2, _asked[$"{shape} {prompt}"]);
            _asked.Clear();
        }
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("anthropic")]
    public async Task A_call_that_cannot_pass_is_made_once(string sdk)
    {
        var outcome = await RunAsync(sdk, _world.Key, LlmShape.OpenAI, "unauthorized");

        Assert.Equal((false, 502), (outcome.Succeeded, outcome.Status));
        Assert.Equal(1, _asked["OpenAI unauthorized"]);
    }

    // By itself an SDK would sleep for an hour without a word.
    [Theory]
    [InlineData("openai")]
    [InlineData("anthropic")]
    public async Task A_long_wait_is_told_and_not_slept_through(string sdk)
    {
        var outcome = await RunAsync(sdk, _world.Key, LlmShape.OpenAI, "limited for an hour");

        Assert.Equal((false, 429), (outcome.Succeeded, outcome.Status));
        Assert.Equal(1, _asked["OpenAI limited for an hour"]);
    }

    [Theory]
    [InlineData("openai", "insufficient_quota")]
    [InlineData("anthropic", null)]
    public async Task A_spent_budget_is_not_asked_again(string sdk, string? code)
    {
        await _world.Gateway.ApplyAsync($$"""
            apiVersion: gostoa.dev/v1alpha1
            kind: QuotaPolicy
            metadata: { name: a-cent, namespace: {{LlmWorld.Tenant}} }
            spec: { budget: { usdPerDay: 0.000001 } }
            ---
            apiVersion: gostoa.dev/v1alpha1
            kind: Consumer
            metadata: { name: poor, namespace: {{LlmWorld.Tenant}} }
            spec: { quotaPolicyRef: { name: a-cent } }
            """);
        var key = await _world.Gateway.IssueKeyAsync(LlmWorld.Tenant, "poor");
        var outcome = await RunAsync(sdk, key, LlmShape.OpenAI, "anything");

        Assert.Equal((false, 429, code), (outcome.Succeeded, outcome.Status, outcome.Code));
        Assert.Empty(_asked);

        using var direct = _world.Gateway.ClientFor(key);
        using var response = await direct.PostAsync(
            "/v1/chat/completions",
            new StringContent("""{"model":"openai-model","messages":[{"role":"user","content":"Hello?"}]}""", System.Text.Encoding.UTF8, "application/json"),
            TestContext.Current.CancellationToken);
        Assert.Equal("false", Assert.Single(response.Headers.GetValues("x-should-retry")));
    }

    private LlmTurn Script(LlmAsk ask)
    {
        var times = _asked.AddOrUpdate($"{ask.Shape} {ask.Conversation.Prompt}", 1, static (_, n) => n + 1);
        return ask.Conversation.Prompt switch
        {
            "unauthorized" => LlmTurn.Fail(401),
            "limited for an hour" => LlmTurn.Fail(429, "retry-after: 3600"),
            "limited for a second" when times == 1 => LlmTurn.Fail(429, "retry-after: 1"),
            "limited for 300 ms" when times == 1 => LlmTurn.Fail(429, "retry-after-ms: 300"),
            "overloaded" when times == 1 => LlmTurn.Fail(ask.Shape is LlmShape.Anthropic ? 529 : 503),
            _ => LlmScript.Sensible(ask),
        };
    }

    private async Task<Outcome> RunAsync(string sdk, string key, LlmShape shape, string prompt)
    {
        var exit = await LlmClients.RunAsync("llm/retry.mjs", [sdk, _world.Gateway.Url.ToString(), key, LlmWorld.ModelOf(shape), prompt]);
        return JsonSerializer.Deserialize<Outcome>(exit.Output, JsonSerializerOptions.Web)!;
    }

    private sealed record Outcome(bool Succeeded, int? Status, string? Code, double Ms);
}
