using Stoa.Gateway.Models;
using Stoa.Testing;

namespace Stoa.Gateway.Tests.Models.Upstream;

/// <summary>What happens when a target fails: again, the next one, or none at all.</summary>
public sealed class FallbackTests : IAsyncDisposable
{
    private const string Both = "{ provider: first, model: a }, { provider: second, model: b }";

    // A deadline passes when a test says so: on a slow machine one of a second may pass before the request is there.
    private readonly FakeTime _sockets = new();
    private readonly ModelBench _bench;

    public FallbackTests() => _bench = new(sockets: _sockets);

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(529)]
    [InlineData(429)]
    [InlineData(404)]
    [InlineData(401)]
    [InlineData(302)]
    public async Task Another_target_answers_when_the_first_fails_for_a_reason_of_its_own(int status)
    {
        var (first, second) = await TwoAsync(exchange => exchange.AnswerAsync(status, "application/json", "{}", "Retry-After: 60", "Location: /elsewhere"));

        var (call, text) = await _bench.AskAsync();

        Assert.Equal(ModelBench.ChatAnswer, text);
        Assert.Equal(("second", "b", 2), (call.Served!.Provider.Name, call.Served.Model, call.Attempts));
        Assert.Null(call.Failure);
        Assert.Equal((1, 1), (first.Requests.Count, second.Requests.Count));
    }

    [Theory]
    [InlineData("hang")]
    [InlineData("reset")]
    [InlineData("cut")]
    [InlineData("html")]
    [InlineData("error")]
    [InlineData("other")]
    [InlineData("surrogate")]
    public async Task Another_target_answers_when_the_first_gives_no_sense_or_nothing_at_all(string manner)
    {
        var (first, second) = await TwoAsync(
            async exchange =>
            {
                await (manner switch
                {
                    "hang" => HangAsync(exchange, TimeSpan.FromSeconds(1)),
                    "cut" => exchange.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"choices\""),
                    "html" => exchange.AnswerAsync(200, "text/html", "<html>Sign in</html>"),
                    "error" => exchange.AnswerAsync(200, "application/json", """{"error":{"message":"overloaded"}}"""),
                    "surrogate" => exchange.AnswerAsync(200, "application/json", """{"id":"\ud800","error":{"\ud800":1}}"""),
                    "other" => exchange.AnswerAsync(200, "application/json", """{"ok":true}"""),
                    _ => Task.CompletedTask,
                });
                if (manner is "reset" or "cut")
                {
                    exchange.Reset();
                }
            },
            "timeouts: { firstByte: 1s }");

        var (call, text) = await _bench.AskAsync();

        Assert.Equal((ModelBench.ChatAnswer, "second"), (text, call.Served!.Provider.Name));
        Assert.Equal(1200, call.Spent!.MicroUsd);
        Assert.Equal((1, 1), (first.Requests.Count, second.Requests.Count));
    }

    [Fact]
    public async Task Another_target_answers_when_nobody_listens_at_the_first()
    {
        using var silent = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        silent.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        var second = await _bench.UpstreamAsync();
        await _bench.ApplyAsync(
            ("LlmProvider", "first", $"{{ type: openai-compatible, baseUrl: 'http://{silent.LocalEndPoint}/v1' }}"), ModelBench.Provider("second", second), ModelBench.Route("smart", Both));

        var (call, _) = await _bench.AskAsync();

        Assert.Equal("second", call.Served!.Provider.Name);
        Assert.Single(second.Requests);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(413)]
    [InlineData(422)]
    public async Task A_request_that_is_wrong_is_wrong_everywhere_and_its_author_hears_why(int status)
    {
        var (_, second) = await TwoAsync(exchange => exchange.AnswerAsync(
            status, "application/json", """{"error":{"message":"'temperature' is too high","type":"invalid_request_error","param":"temperature","code":"bad_value"}}"""));

        var (call, _) = await _bench.AskAsync();

        Assert.Equal(new ModelFailure(status, ModelFailureKind.RequestRefused, "'temperature' is too high") { Code = "bad_value", Param = "temperature" }, call.Failure);
        Assert.Empty(second.Requests);
        Assert.Equal(0, call.Spent!.MicroUsd);
    }

    [Fact]
    public async Task A_failure_that_passes_is_tried_again_at_the_same_target()
    {
        var upstream = await _bench.UpstreamAsync(exchange => exchange.Request.Number < 3
            ? exchange.AnswerAsync(exchange.Request.Number == 1 ? 503 : 429, "application/json", "{}", "Retry-After: 0")
            : exchange.AnswerJsonAsync(ModelBench.ChatAnswer));
        await _bench.ApplyAsync(ModelBench.Provider("p", upstream), ("LlmRoute", "smart", "{ targets: [{ provider: p }], retry: { attempts: 3 } }"));

        var (call, text) = await _bench.AskAsync();

        Assert.Equal((ModelBench.ChatAnswer, 3, 3), (text, call.Attempts, upstream.Requests.Count));
        Assert.Equal(1200, call.Spent!.MicroUsd);
    }

    [Theory]
    [InlineData(429, "Retry-After: 60")]
    [InlineData(400, "Retry-After: 0")]
    [InlineData(401, "Retry-After: 0")]
    [InlineData(404, "Retry-After: 0")]
    public async Task What_will_not_pass_soon_is_not_tried_again(int status, string header)
    {
        var upstream = await _bench.UpstreamAsync(exchange => exchange.AnswerAsync(status, "application/json", "{}", header));
        await _bench.ApplyAsync(ModelBench.Provider("p", upstream), ("LlmRoute", "smart", "{ targets: [{ provider: p }], retry: { attempts: 3 } }"));

        var (call, _) = await _bench.AskAsync();

        Assert.Equal((1, 1), (call.Attempts, upstream.Requests.Count));
        Assert.Equal(status == 429 ? TimeSpan.FromSeconds(60) : null, call.Failure!.RetryAfter);
    }

    [Fact]
    public async Task Retries_of_a_target_that_keeps_failing_run_out()
    {
        var upstream = await _bench.UpstreamAsync(static exchange => exchange.AnswerAsync(429, "application/json", "{}"));
        await _bench.ApplyAsync(ModelBench.Provider("p", upstream), ("LlmRoute", "smart", "{ targets: [{ provider: p }], retry: { attempts: 5 } }"));

        for (var i = 0; i < 10; i++)
        {
            await _bench.AskAsync();
        }

        // Ten calls, ten retries at once, and a fifth of a retry for each call.
        Assert.InRange(upstream.Requests.Count, 20, 22);
    }

    [Fact]
    public async Task A_target_that_keeps_failing_is_left_alone_until_one_call_finds_it_well()
    {
        var isWell = false;
        var (first, second) = await TwoAsync(
            exchange => isWell ? exchange.AnswerJsonAsync(ModelBench.ChatAnswer) : exchange.AnswerAsync(500, "application/json", "{}"),
            "circuitBreaker: { failures: 3, openFor: 30s }");

        for (var i = 0; i < 5; i++)
        {
            await _bench.AskAsync();
        }

        Assert.Equal((3, 5), (first.Requests.Count, second.Requests.Count));
        Assert.Contains(_bench.Log, l => l.Contains("7004 Model a at LlmProvider first of acme keeps failing", StringComparison.Ordinal));

        isWell = true;
        _bench.Time.Advance(TimeSpan.FromSeconds(31));
        var (probing, _) = await _bench.AskAsync();
        var (after, _) = await _bench.AskAsync();

        Assert.Equal(("first", "first", 5, 5), (probing.Served!.Provider.Name, after.Served!.Provider.Name, first.Requests.Count, second.Requests.Count));
    }

    [Fact]
    public async Task When_all_fail_the_caller_hears_of_the_last_that_was_asked_and_pays_nothing()
    {
        var (_, _) = await TwoAsync(static exchange => exchange.AnswerAsync(500, "text/plain", "boom-1"), second: static exchange => exchange.AnswerAsync(429, "text/plain", "boom-2 org-4711", "retry-after-ms: 7000"));

        var (call, text) = await _bench.AskAsync();

        Assert.Equal((429, ModelFailureKind.RateLimited, TimeSpan.FromSeconds(7)), (call.Failure!.Status, call.Failure.Kind, call.Failure.RetryAfter!.Value));
        Assert.Equal(call.Failure.Message, text);
        Assert.DoesNotContain("org-4711", text, StringComparison.Ordinal);
        Assert.Equal((0L, 0L), (call.Spent!.Usage.Total, call.Spent.MicroUsd!.Value));
    }

    [Fact]
    public async Task A_call_asks_nobody_any_more_when_its_time_is_over()
    {
        var (first, second) = await TwoAsync(exchange =>
        {
            _bench.Time.Advance(TimeSpan.FromSeconds(20));
            return exchange.AnswerAsync(500, "text/plain", "no");
        });
        var call = _bench.Call();
        call.MaxDuration = TimeSpan.FromSeconds(10);

        await _bench.AskAsync(call);

        Assert.Equal((1, 0), (first.Requests.Count, second.Requests.Count));
        Assert.Equal(503, call.Failure!.Status);
    }

    [Fact]
    public async Task Of_two_bounds_a_translated_request_keeps_the_one_that_was_reserved()
    {
        var upstream = await _bench.UpstreamAsync(static exchange => exchange.AnswerJsonAsync("""{"content":[],"usage":{"input_tokens":1,"output_tokens":1}}"""));
        await _bench.ApplyAsync(
            ("LlmProvider", "claude", $"{{ type: anthropic, baseUrl: '{upstream.Url}', auth: {{ secretRef: {{ name: s, key: k }} }} }}"), ModelBench.Route("smart", "{ provider: claude, model: claude-sonnet-4-5 }"));
        var call = _bench.Call(body: """{"model":"smart","max_tokens":7,"max_completion_tokens":50000,"messages":[{"role":"user","content":"Hi"}]}""");
        Assert.Null(await _bench.ResolveAsync(call));
        call.OutputBound = call.Demand!.OutputTokens;

        using var answer = await _bench.RunAsync(call);

        Assert.Equal(7, call.Demand.OutputTokens);
        Assert.Contains("\"max_tokens\":7", System.Text.Encoding.UTF8.GetString(Assert.Single(upstream.Requests).Body.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_time_that_one_target_took_is_not_missing_to_the_next()
    {
        var (_, second) = await TwoAsync(exchange =>
        {
            _bench.Time.Advance(TimeSpan.FromMinutes(11));
            return exchange.AnswerAsync(500, "text/plain", "no");
        });

        var (call, text) = await _bench.AskAsync();

        Assert.Equal((ModelBench.ChatAnswer, 1), (text, second.Requests.Count));
        Assert.Equal("second", call.Served!.Provider.Name);
    }

    [Fact]
    public async Task A_call_that_its_own_limit_ends_is_charged_like_one_whose_caller_left_and_no_fault_of_the_target()
    {
        var hangs = true;
        var (first, _) = await TwoAsync(
            exchange =>
            {
                _bench.Time.Advance(TimeSpan.FromSeconds(2));
                return hangs ? HangAsync(exchange, TimeSpan.FromSeconds(2)) : exchange.AnswerJsonAsync(ModelBench.ChatAnswer);
            },
            "circuitBreaker: { failures: 1 }");
        var cut = _bench.Call();
        cut.MaxDuration = TimeSpan.FromSeconds(1);

        await _bench.AskAsync(cut);
        hangs = false;
        var (next, _) = await _bench.AskAsync();

        Assert.Equal(504, cut.Failure!.Status);
        Assert.True(cut.Spent!.Usage is { IsEstimate: true, Input: > 0, Output: 0 });
        Assert.Equal(("first", 2), (next.Served!.Provider.Name, first.Requests.Count));
    }

    [Fact]
    public async Task A_caller_who_leaves_ends_the_request_and_pays_for_what_the_provider_has_read()
    {
        using var leaving = new CancellationTokenSource();
        var (first, second) = await TwoAsync(async exchange =>
        {
            await leaving.CancelAsync();
            await exchange.HangAsync();
        });
        var call = _bench.Call();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _bench.RunAsync(call, leaving.Token));
        await first.ClientLeftAsync();

        Assert.True(call.Spent!.Usage is { IsEstimate: true, Input: > 0, Output: 0 });
        Assert.Empty(second.Requests);
    }

    [Fact]
    public async Task A_provider_that_is_drained_is_heard_to_its_end_after_the_caller_has_left()
    {
        using var leaving = new CancellationTokenSource();
        var (_, _) = await TwoAsync(
            async exchange =>
            {
                await leaving.CancelAsync();
                await exchange.AnswerJsonAsync(ModelBench.ChatAnswer);
            },
            "onDisconnect: drain");
        var call = _bench.Call();

        using var answer = await _bench.RunAsync(call, leaving.Token);

        Assert.Equal(1200, call.Spent!.MicroUsd);
    }

    /// <summary>Says nothing for so long, and nothing afterwards.</summary>
    private Task HangAsync(ScriptedExchange exchange, TimeSpan time)
    {
        _sockets.Advance(time);
        return exchange.HangAsync();
    }

    private async Task<(ScriptedUpstream First, ScriptedUpstream Second)> TwoAsync(
        Func<ScriptedExchange, Task> script, string more = "", Func<ScriptedExchange, Task>? second = null)
    {
        var (one, two) = (await _bench.UpstreamAsync(script), await _bench.UpstreamAsync(second));
        await _bench.ApplyAsync(ModelBench.Provider("first", one, more), ModelBench.Provider("second", two), ModelBench.Route("smart", Both));
        return (one, two);
    }
}
