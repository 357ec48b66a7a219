using Stoa.Gateway.Tools;
using Stoa.Gateway.Tools.Paging;
using Stoa.Gateway.Tools.Requests;
using Stoa.Gateway.Tools.Resilience;

namespace Stoa.Gateway.Tests.Tools;

/// <summary>Endpoints that fail are left alone, as a tool's calls see it.</summary>
public sealed class OpenCircuitTests
{
    private const string Brief = "circuitBreaker: { failures: 2, openFor: 30s }";
    private const string LeftAlone = "The endpoint of this tool keeps failing, so the gateway leaves it alone for now. Try again in 30 s.";

    [Fact]
    public async Task An_open_circuit_answers_by_itself_and_says_when_to_come_back()
    {
        await using var bench = await UpstreamBench.StartAsync();
        bench.Answers(500);
        var tool = await bench.ToolAsync([Brief]);
        Assert.Equal(["500", "500", LeftAlone, LeftAlone], [await bench.CallAsync(tool), await bench.CallAsync(tool), await bench.CallAsync(tool), await bench.CallAsync(tool)]);
        Assert.Equal(2, bench.Calls);
        Assert.Equal(BreakerPhase.Open, bench.Breakers.State(tool).Phase);
        Assert.Single(bench.Log, line => line.StartsWith("The endpoint of tool echo of acme keeps failing and is left alone for 30 s. The upstream answered 500.", StringComparison.Ordinal));

        bench.Time.Advance(TimeSpan.FromSeconds(29.5));
        Assert.EndsWith("Try again in 1 s.", await bench.CallAsync(tool), StringComparison.Ordinal);
        bench.Time.Advance(TimeSpan.FromSeconds(0.5));
        bench.Answers(200);
        Assert.Equal(["200", "200"], [await bench.CallAsync(tool), await bench.CallAsync(tool)]);
    }

    [Fact]
    public async Task Of_fifty_calls_after_the_time_one_reaches_the_endpoint()
    {
        await using var bench = await UpstreamBench.StartAsync();
        bench.Answers(500);
        var tool = await bench.ToolAsync([Brief]);
        await bench.CallAsync(tool);
        await bench.CallAsync(tool);
        bench.Time.Advance(TimeSpan.FromSeconds(30));
        var released = new TaskCompletionSource();
        bench.Answers(async e =>
        {
            await released.Task;
            await e.AnswerJsonAsync("{}");
        });

        var calls = Enumerable.Range(0, 50).Select(_ => bench.CallAsync(tool)).ToArray();
        await bench.Upstream.ArrivedAsync(3);
        var refused = await Task.WhenAll(calls.Where(c => c.IsCompleted));
        Assert.Equal(49, refused.Count(r => r.EndsWith("Try again in 1 s.", StringComparison.Ordinal)));
        released.SetResult();
        Assert.Single(await Task.WhenAll(calls), r => r == "200");
        Assert.Equal(3, bench.Calls);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(408)]
    [InlineData(429)]
    public async Task An_endpoint_that_refuses_still_works(int status)
    {
        await using var bench = await UpstreamBench.StartAsync();
        bench.Answers(status);
        var tool = await bench.ToolAsync([Brief]);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal($"{status}", await bench.CallAsync(tool));
        }
    }

    [Fact]
    public async Task Retries_end_when_the_circuit_opens()
    {
        await using var bench = await UpstreamBench.StartAsync();
        bench.Answers(503);
        var tool = await bench.ToolAsync([Brief, "retry: { attempts: 5 }"]);

        Assert.Equal("503", await bench.CallAsync(tool));
        Assert.Equal(2, bench.Calls);
    }

    [Fact]
    public async Task A_probe_whose_caller_leaves_does_not_block_the_next()
    {
        await using var bench = await UpstreamBench.StartAsync();
        bench.Answers(500);
        var tool = await bench.ToolAsync([Brief]);
        await bench.CallAsync(tool);
        await bench.CallAsync(tool);
        bench.Time.Advance(TimeSpan.FromSeconds(30));
        bench.Answers(e => e.HangAsync());
        using var leaving = new CancellationTokenSource();
        var probe = bench.CallAsync(tool, ct: leaving.Token);
        await bench.Upstream.ArrivedAsync(3);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => probe);

        bench.Answers(200);
        Assert.Equal("200", await bench.CallAsync(tool));
    }

    [Fact]
    public async Task A_paged_tool_whose_endpoint_hangs_counts_as_failing()
    {
        await using var bench = await UpstreamBench.StartAsync();
        bench.Answers(e => e.HangAsync());
        var tool = await bench.ToolAsync(
            ["circuitBreaker: { failures: 1, openFor: 30s }", "timeout: 150ms", "pagination: { type: page, pageParam: page, itemsPath: items }"]);
        var pages = new PageReader(bench.Sender, bench.Time);

        var result = await pages.ReadAsync(new ToolRequest(tool, System.Text.Json.JsonElement.Parse("{}")), TestContext.Current.CancellationToken);

        Assert.Equal("The upstream did not answer in time.", result.Fault);
        Assert.False(bench.Breakers.Of(tool).Breaker.IsClosed);
    }

    [Fact]
    public async Task A_tool_without_a_breaker_is_always_tried()
    {
        await using var bench = await UpstreamBench.StartAsync();
        bench.Answers(500);
        var tool = await bench.ToolAsync(["circuitBreaker: { enabled: false, failures: 1 }"]);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal("500", await bench.CallAsync(tool));
        }
    }

    [Fact]
    public async Task A_changed_endpoint_starts_afresh_and_an_unchanged_one_does_not()
    {
        await using var bench = await UpstreamBench.StartAsync();
        bench.Answers(500);
        var tool = await bench.ToolAsync([Brief]);
        await bench.CallAsync(tool);
        await bench.CallAsync(tool);

        Assert.Equal(LeftAlone, await bench.CallAsync(await bench.ToolAsync([Brief, "timeout: 5s"])));
        Assert.Equal("500", await bench.CallAsync(await bench.ToolAsync([Brief, "method: POST"])));
        Assert.Equal("500", await bench.CallAsync(await bench.ToolAsync([Brief], uid: "t2")));
    }

    [Fact]
    public async Task A_hint_from_another_instance_keeps_calls_away()
    {
        await using var bench = await UpstreamBench.StartAsync();
        var tool = await bench.ToolAsync([Brief]);
        bench.Breakers.Hint(tool, bench.Time.GetUtcNow() + TimeSpan.FromHours(1));

        Assert.Equal(LeftAlone, await bench.CallAsync(tool));
        bench.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("200", await bench.CallAsync(tool));
    }

    [Fact]
    public async Task What_is_idle_is_forgotten_and_there_is_never_too_much_of_it()
    {
        await using var bench = await UpstreamBench.StartAsync();
        var tool = await bench.ToolAsync([Brief]);
        for (var i = 0; i < IdleMap.Capacity + 10; i++)
        {
            bench.Breakers.Of(Named(i));
        }

        Assert.InRange(bench.Breakers.Count, 1, IdleMap.Capacity);
        bench.Time.Advance(IdleMap.IdleLimit + TimeSpan.FromSeconds(1));
        bench.Breakers.Of(Named(-1));
        Assert.Equal(1, bench.Breakers.Count);

        Tool Named(int i) => new($"tool-{i}", tool.Spec, tool.Revision);
    }
}
