using System.Text;
using Stoa.Gateway.Models;
using Stoa.Testing;

namespace Stoa.Gateway.Tests.Models.Upstream;

/// <summary>Streams: another target may serve until the first event is there, and none afterwards.</summary>
public sealed class StreamFallbackTests : IAsyncDisposable
{
    private const string Ask = """{"model":"smart","stream":true,"messages":[{"role":"user","content":"Hello"}]}""";
    private const string Piece = """data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":null}]}""";
    private const string Last = """data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""";
    private const string Used = """data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":[],"usage":{"prompt_tokens":1000,"completion_tokens":100,"total_tokens":1100}}""";

    private readonly ModelBench _bench = new();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Theory]
    [InlineData("status")]
    [InlineData("json")]
    [InlineData("html")]
    [InlineData("error")]
    [InlineData("empty")]
    [InlineData("cut")]
    [InlineData("surrogate")]
    public async Task Until_the_first_event_is_there_another_target_may_serve(string manner)
    {
        var first = await _bench.UpstreamAsync(async exchange =>
        {
            switch (manner)
            {
                case "status":
                    await exchange.AnswerAsync(503, "application/json", "{}");
                    return;
                case "json":
                    await exchange.AnswerAsync(200, "application/json", """{"error":{"message":"overloaded","type":"overloaded_error"}}""");
                    return;
                case "html":
                    await exchange.AnswerAsync(200, "text/html", "<html>Sign in</html>");
                    return;
            }

            await exchange.BeginAsync(200, "text/event-stream");
            if (manner == "error")
            {
                await exchange.ChunkAsync("data: {\"error\":{\"message\":\"overloaded\",\"type\":\"overloaded_error\"}}\n\n");
            }
            else if (manner == "surrogate")
            {
                await exchange.ChunkAsync("data: {\"id\":\"\\ud800\",\"choices\":[]}\n\n");
            }
            else if (manner == "cut")
            {
                await exchange.ChunkAsync(Piece[..40]);
                exchange.Reset();
                return;
            }

            await exchange.EndAsync();
        });
        var second = await _bench.UpstreamAsync(StreamAsync);
        await ApplyAsync(first, second);
        var call = _bench.Call(body: Ask);

        using var answer = await _bench.RunAsync(call);

        Assert.False(answer.IsError);
        Assert.Equal(("second", 2), (call.Served!.Provider.Name, call.Attempts));
        Assert.Equal($"{Piece}\n\n{Last}\n\ndata: [DONE]\n\n", Encoding.UTF8.GetString(_bench.Reply.ToArray()));
        Assert.Equal(1200, call.Spent!.MicroUsd);
    }

    [Fact]
    public async Task After_the_first_event_nobody_else_is_asked_and_what_came_is_charged()
    {
        ModelCall? call = null;
        var first = await _bench.UpstreamAsync(async exchange =>
        {
            await exchange.BeginAsync(200, "text/event-stream");
            await exchange.ChunkAsync($"{Piece}\n\n");

            // A reset may overtake what was sent before it.
            await Eventually.TrueAsync(() => Task.FromResult(call!.Reply.HasBegun), TimeSpan.FromMinutes(1), "the first event is passed on");
            exchange.Reset();
        });
        var second = await _bench.UpstreamAsync(StreamAsync);
        await ApplyAsync(first, second);
        call = _bench.Call(body: Ask);

        using var answer = await _bench.RunAsync(call);

        Assert.True(answer.IsError);
        Assert.True(call.Reply.HasBegun);
        Assert.Equal(("first", 0), (call.Served!.Provider.Name, second.Requests.Count));
        Assert.True(call.Spent!.Usage is { IsEstimate: true, Output: > 0 });
        Assert.StartsWith($"{Piece}\n\n", Encoding.UTF8.GetString(_bench.Reply.ToArray()), StringComparison.Ordinal);
        Assert.Contains("error", Encoding.UTF8.GetString(_bench.Reply.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_is_asked_for_as_one_with_usage_that_the_caller_does_not_see()
    {
        var first = await _bench.UpstreamAsync(StreamAsync);
        await ApplyAsync(first, first);

        using var answer = await _bench.RunAsync(_bench.Call(body: Ask));

        var request = Assert.Single(first.Requests);
        Assert.Equal("text/event-stream", request.Header("Accept"));
        Assert.Contains("\"include_usage\":true", request.BodyText, StringComparison.Ordinal);
        Assert.DoesNotContain("usage", Encoding.UTF8.GetString(_bench.Reply.ToArray()), StringComparison.Ordinal);
    }

    private static async Task StreamAsync(ScriptedExchange exchange)
    {
        await exchange.BeginAsync(200, "text/event-stream");
        await exchange.ChunkAsync($"{Piece}\n\n{Last}\n\n{Used}\n\ndata: [DONE]\n\n");
        await exchange.EndAsync();
    }

    private Task ApplyAsync(ScriptedUpstream first, ScriptedUpstream second) => _bench.ApplyAsync(
        ModelBench.Provider("first", first), ModelBench.Provider("second", second), ModelBench.Route("smart", "{ provider: first, model: a }, { provider: second, model: b }"));
}
