using Stoa.Gateway.Egress;
using Stoa.Gateway.Tools.Resilience;
using Stoa.Testing;

namespace Stoa.Gateway.Tests.Tools;

/// <summary>What is tried again, when, and what never is.</summary>
public sealed class RetryTests
{
    private const string Retry = "retry: { attempts: 3, backoff: 1s }";

    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task A_read_that_fails_for_a_passing_reason_is_tried_again(int status)
    {
        await using var bench = await UpstreamBench.StartAsync();
        bench.AnswersInTurn(status, status, 200);

        Assert.Equal("200", await bench.CallAsync(await bench.ToolAsync([Retry])));
        Assert.Equal(3, bench.Calls);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(500)]
    [InlineData(501)]
    public async Task What_will_not_pass_is_not(int status)
    {
        await using var bench = await UpstreamBench.StartAsync();
        bench.Answers(status);

        Assert.Equal($"{status}", await bench.CallAsync(await bench.ToolAsync([Retry])));
        Assert.Equal(1, bench.Calls);
    }

    [Theory]
    [InlineData(1, "method: POST")]
    [InlineData(1, "method: PATCH")]
    [InlineData(3, "method: PUT")]
    [InlineData(3, "method: DELETE")]
    [InlineData(3, "method: POST", "annotations: { idempotentHint: true }")]
    [InlineData(3, "method: POST", "annotations: { readOnlyHint: true }")]
    [InlineData(1, "method: PUT", "annotations: { idempotentHint: false }")]
    [InlineData(1, "method: GET", "retry: { attempts: 1 }")]
    public async Task Only_what_may_be_done_twice_is_done_twice(int times, params string[] spec)
    {
        await using var bench = await UpstreamBench.StartAsync();
        bench.Answers(503);
        string[] all = spec.Any(s => s.StartsWith("retry", StringComparison.Ordinal)) ? spec : [Retry, .. spec];

        Assert.Equal("503", await bench.CallAsync(await bench.ToolAsync(all)));
        Assert.Equal(times, bench.Calls);
    }

    [Fact]
    public async Task Without_a_word_about_retries_there_are_none()
    {
        await using var bench = await UpstreamBench.StartAsync();
        bench.Answers(503);

        Assert.Equal("503", await bench.CallAsync(await bench.ToolAsync([])));
        Assert.Equal(1, bench.Calls);
    }

    [Fact]
    public async Task A_connection_that_breaks_is_tried_again()
    {
        await using var bench = await UpstreamBench.StartAsync();
        bench.Answers(e =>
        {
            if (e.Request.Number == 1)
            {
                e.Reset();
                return Task.CompletedTask;
            }

            return e.AnswerJsonAsync("{}");
        });

        var trial = bench.NewTrial();
        Assert.Equal("200", await bench.CallAsync(await bench.ToolAsync([Retry]), trial));
        Assert.Equal([(null, EgressFault.Broken), (200, null)], trial.Attempts.Select(a => (a.Status, a.Fault)));
    }

    [Fact]
    public async Task An_attempt_that_takes_too_long_is_given_up_for_another()
    {
        var sockets = new FakeTime();
        await using var bench = await UpstreamBench.StartAsync(sockets: sockets);
        bench.Answers(e =>
        {
            if (e.Request.Number > 1)
            {
                return e.AnswerJsonAsync("{}");
            }

            // The sockets' own clock moves for the first attempt alone: a second one on a slow machine would be given up, too.
            sockets.Advance(TimeSpan.FromMilliseconds(150));
            return e.HangAsync();
        });

        var trial = bench.NewTrial();
        Assert.Equal("200", await bench.CallAsync(await bench.ToolAsync(["retry: { attemptTimeout: 150ms }"]), trial));
        Assert.Equal(EgressFault.TimedOut, trial.Attempts[0].Fault);
    }

    [Fact]
    public async Task The_wait_doubles_and_is_drawn_at_random_below_the_most()
    {
        await using var bench = await UpstreamBench.StartAsync(chance: 0.5);
        bench.Answers(503);
        var trial = bench.NewTrial();
        var call = bench.CallAsync(await bench.ToolAsync(["retry: { attempts: 4, backoff: 1s }"]), trial);
        await bench.PassAsync(TimeSpan.FromSeconds(0.5));
        await bench.PassAsync(TimeSpan.FromSeconds(1));
        await bench.PassAsync(TimeSpan.FromSeconds(2));

        Assert.Equal("503", await call);
        Assert.Equal([0, 500, 1000, 2000], trial.Attempts.Select(a => a.WaitedBefore.TotalMilliseconds));
    }

    [Fact]
    public async Task What_the_endpoint_asks_for_is_waited_out_when_it_fits()
    {
        await using var bench = await UpstreamBench.StartAsync();
        bench.Answers(e => e.Request.Number == 1 ? e.AnswerAsync(429, "text/plain", "", "Retry-After: 7") : e.AnswerJsonAsync("{}"));
        var trial = bench.NewTrial();
        var call = bench.CallAsync(await bench.ToolAsync([Retry]), trial);
        await bench.PassAsync(TimeSpan.FromSeconds(7));

        Assert.Equal("200", await call);
        Assert.Equal(TimeSpan.FromSeconds(7), trial.Attempts[1].WaitedBefore);
    }

    [Theory]
    [InlineData("30")]
    [InlineData("86400")]
    [InlineData("99999999999999")]
    public async Task A_wait_that_outlasts_the_call_is_not_begun(string retryAfter)
    {
        await using var bench = await UpstreamBench.StartAsync();
        bench.Answers(503, $"Retry-After: {retryAfter}");

        // An unreadable wish is none.
        var expected = retryAfter.Length > 10 ? 3 : 1;
        Assert.Equal("503", await bench.CallAsync(await bench.ToolAsync([Retry, "timeout: 30s"])));
        Assert.Equal(expected, bench.Calls);
    }

    [Fact]
    public async Task A_caller_who_leaves_during_the_wait_is_not_tried_for_again()
    {
        await using var bench = await UpstreamBench.StartAsync(chance: 0.9);
        bench.Answers(503);
        using var leaving = new CancellationTokenSource();
        var call = bench.CallAsync(await bench.ToolAsync([Retry]), ct: leaving.Token);
        await bench.WaitBeginsAsync();
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        bench.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, bench.Calls);
    }

    [Fact]
    public async Task A_failing_endpoint_gets_at_most_a_fifth_more_calls()
    {
        await using var bench = await UpstreamBench.StartAsync();
        bench.Answers(503);
        var tool = await bench.ToolAsync(["retry: { attempts: 5 }", "circuitBreaker: { enabled: false }"]);
        for (var i = 0; i < 100; i++)
        {
            await bench.CallAsync(tool);
        }

        Assert.InRange(bench.Calls, 110, 100 + (100 * RetryBudget.PerCall) + RetryBudget.Most);
    }
}
