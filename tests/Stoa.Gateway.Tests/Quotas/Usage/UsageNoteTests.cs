using System.Text.Json;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Quotas.Usage;

namespace Stoa.Gateway.Tests.Quotas.Usage;

/// <summary>Which calls count as usage, and as what.</summary>
public sealed class UsageNoteTests : IDisposable
{
    private static readonly TokenUsage Used = new(100, 20) { CacheRead = 60, Reasoning = 5 };

    private readonly UsageBench _bench = new();
    private readonly UsageBook _book;

    public UsageNoteTests() => _book = _bench.Instance();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task A_model_counts_with_what_it_used_and_who_served_it() => Assert.Equal(
        "bot model chat-model azure: 1 calls, 0 errors, 100+20 tokens (60 cached, 5 reasoning), 1234 micro-USD, 0 unpriced",
        await NotedAsync(ModelCall(new Spent(Used, 1234)), Answer.Local));

    [Fact]
    public async Task A_price_that_nobody_knows_is_told_apart_from_nothing() => Assert.Equal(
        "bot model chat-model azure: 1 calls, 0 errors, 100+20 tokens (60 cached, 5 reasoning), 0 micro-USD, 1 unpriced",
        await NotedAsync(ModelCall(new Spent(Used, null)), Answer.Local));

    [Fact]
    public async Task A_model_that_failed_is_an_error_that_used_nothing() => Assert.Equal(
        "bot model chat-model azure: 1 calls, 1 errors, 0+0 tokens (0 cached, 0 reasoning), 0 micro-USD, 0 unpriced",
        await NotedAsync(ModelCall(null), Answer.Error("It is down.")));

    [Fact]
    public async Task A_caller_that_left_is_counted_with_what_was_used_until_then() => Assert.Equal(
        "bot model chat-model azure: 1 calls, 0 errors, 100+20 tokens (60 cached, 5 reasoning), 1234 micro-USD, 0 unpriced",
        await NotedAsync(ModelCall(new Spent(Used, 1234)), answer: null));

    [Fact]
    public async Task A_tool_counts_the_tokens_that_limits_count()
    {
        using var arguments = JsonDocument.Parse("""{"city":"Bern"}""");
        var call = new NotedCall(Operation.CallTool, null) { Arguments = arguments.RootElement, Target = new Named("look") };

        Assert.Equal(
            "bot tool look : 1 calls, 0 errors, 4+1 tokens (0 cached, 0 reasoning), 0 micro-USD, 0 unpriced",
            await NotedAsync(call, Answer.Local));
    }

    [Fact]
    public async Task What_was_refused_and_what_is_no_call_are_not_counted()
    {
        Assert.Equal("", await NotedAsync(ModelCall(null), null, new Refusal(RefusalKind.QuotaExceeded, "No.")));
        Assert.Equal("", await NotedAsync(new NotedCall(Operation.ListModels, null), Answer.Local));
        Assert.Equal("", await NotedAsync(new NotedCall(Operation.CallTool, null), Answer.Local));
    }

    private static NotedCall ModelCall(Spent? spent) =>
        new(Operation.CallModel, new("chat", "azure", "azure.ai.openai", "gpt", IsFallback: false, IsStream: false)) { Target = new Named("chat-model"), Spent = spent };

    private async Task<string> NotedAsync(Call call, Answer? answer, Refusal? refusal = null)
    {
        (call.Answer, call.Refusal) = (answer, refusal);
        _book.Note(call);
        var sums = await _book.SumAsync("acme--uid", _bench.Today, _bench.Today, static (_, key) => $"{key.Consumer} {(key.Kind is UsageKind.Tool ? "tool" : "model")} {key.Name} {key.Provider}", TestContext.Current.CancellationToken);
        return string.Join("; ", sums.Select(s =>
            $"{s.Key}: {s.Value.Calls} calls, {s.Value.Errors} errors, {s.Value.Input}+{s.Value.Output} tokens ({s.Value.Cached} cached, {s.Value.Reasoning} reasoning), {s.Value.MicroUsd} micro-USD, {s.Value.Unpriced} unpriced"));
    }
}
