using System.Collections.Concurrent;
using Stoa.Testing;
using Stoa.Wire.Tests.Manage;
using Stoa.Wire.Tests.Mcp;

namespace Stoa.Wire.Tests.Audit;

/// <summary>
/// No answer without a durable record, seen from the upstream, the caller and the store at once. A record is late when the test moves the clock,
/// and never because the machine is slow.
/// </summary>
public sealed class DurabilityTests : IAsyncLifetime
{
    private const string Writes = "method: POST\ninputSchema: { type: object, required: [id], properties: { id: { type: string } } }";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private readonly FakeTime _time = new();
    private readonly ScriptedAppendStore _store = new(TestGateway.InMemory().AuditAppend);
    private World _world = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _world = await World.StartAsync("Stoa:AuditPatienceSeconds", "2", _time, TestGateway.InMemory() with { AuditAppend = _store });
        await _world.ToolAsync("writes", Writes, "writes/{id}");
        await _world.ToolAsync("reads");
    }

    public ValueTask DisposeAsync()
    {
        _store.Release();
        return _world.DisposeAsync();
    }

    [Fact]
    public async Task In_closed_mode_the_upstream_sees_no_call_whose_intent_is_not_durable()
    {
        // By the clock of the machine, by which a writer pauses after an answer that was lost.
        var store = new ScriptedAppendStore(TestGateway.InMemory().AuditAppend);
        await using var world = await World.StartAsync(ports: TestGateway.InMemory() with { AuditAppend = store });
        await world.ToolAsync("writes", Writes, "writes/{id}");
        var unrecorded = new ConcurrentQueue<string>();
        world.UpstreamAnswers(async exchange =>
        {
            var trace = exchange.Request.Target[^32..];
            if (!(await AuditTrail.ReadAsync(store, Ct)).Of("intent").Any(r => r.Text("trace") == trace))
            {
                unrecorded.Enqueue(trace);
            }

            await Given.Ok(exchange);
        });

        var replies = await Task.WhenAll(Enumerable.Range(0, 60).Select(async i =>
        {
            store.LosesAnswers = i % 7 == 0 ? 1 : 0;
            using var client = world.Client(world.Key);
            var trace = Guid.NewGuid().ToString("N");
            client.DefaultRequestHeaders.Add("traceparent", $"00-{trace}-00f067aa0ba902b7-01");
            using var reply = await client.PostAsync("/mcp/v1/tools/writes/invoke", new StringContent($$$"""{"arguments":{"id":"{{{trace}}}"}}"""), Ct);
            return ((int)reply.StatusCode, trace);
        }));

        Assert.All(replies, reply => Assert.Equal(200, reply.Item1));
        Assert.Empty(unrecorded);
        var trail = await AuditTrail.ReadAsync(store, Ct);
        Assert.All(replies, reply => Assert.Equal(2, trail.ChainOf(reply.trace).Count));
    }

    [Fact]
    public async Task A_store_that_stalls_for_two_seconds_refuses_new_work_and_says_so()
    {
        (await _world.Modern().CallAsync("writes", """{"id":"1"}""")).IsResult();
        var seen = _world.Upstream.Requests.Count;
        _store.Hold();

        var refused = await OverdueAsync(_world.InvokeAsync("writes", """{"id":"2"}"""));
        Assert.Equal((503, "2"), (refused.Status, refused.Header("Retry-After")));
        Assert.Contains("audit_unavailable", refused.Text, StringComparison.Ordinal);
        Assert.Equal(seen, _world.Upstream.Requests.Count);

        // Everything after that is refused at once, and health says why nobody should send more.
        Assert.Equal(503, (await _world.InvokeAsync("reads")).Status);
        (await _world.Modern().ListAsync()).Is(503, -31051);
        Assert.Equal(503, (await _world.Gateway.Admin.ApplyAsync(Yaml.Tenant("newcomer"))).Status);
        Assert.Equal((200, 503), ((await _world.Gateway.Admin.ReadAsync("/healthz")).Status, (await _world.Gateway.Admin.ReadAsync("/readyz")).Status));
        Assert.Equal(seen, _world.Upstream.Requests.Count);

        _store.Release();
        await Eventually.TrueAsync(async () => (await _world.Gateway.Admin.ReadAsync("/readyz")).Status == 200, Deadline, "the gateway is ready again");
        (await _world.Modern().CallAsync("writes", """{"id":"3"}""")).IsResult();
        Assert.Equal(404, (await _world.Gateway.Admin.ReadAsync("/manage/v1/tenants/newcomer")).Status);

        // The refused call's intent got through after all, and its outcome says that nothing came of it.
        var trail = await AuditTrail.ReadAsync(_store, Ct);
        Assert.Equal("audit_unavailable", trail.ChainOf(refused.Header("x-stoa-trace-id"))[1].Text("outcome"));
    }

    [Fact]
    public async Task In_buffered_mode_the_work_goes_on_and_an_answer_without_a_record_is_kept_back()
    {
        (await _world.Modern().CallAsync("reads")).IsResult();
        await OutcomeLeavesAsync(() => _time.Advance(Patience / 10), _store);
        _store.Hold();

        var kept = await OverdueAsync(_world.InvokeAsync("reads"));

        Assert.Equal(503, kept.Status);
        Assert.Contains("kept back", kept.Text, StringComparison.Ordinal);
        Assert.Equal(2, _world.Upstream.Requests.Count);
        _store.Release();
        await Eventually.TrueAsync(
            async () => (await AuditTrail.ReadAsync(_store, Ct)).OfTrace(kept.Header("x-stoa-trace-id")!) is [_, var outcome] && outcome.Text("withheld") == "True" && outcome.Text("outcome") == "ok",
            Deadline,
            "the outcome says that the answer was kept back");
    }

    [Fact]
    public async Task What_is_read_by_the_management_API_is_not_shown_without_a_record()
    {
        Assert.Equal(200, (await _world.Gateway.Admin.ReadAsync("/manage/v1/tools?namespace=acme")).Status);
        _store.Hold();

        await Assert.ThrowsAsync<HttpRequestException>(() => OverdueAsync(_world.Gateway.Admin.ReadAsync("/manage/v1/tools?namespace=acme")));
        Assert.Equal(503, (await _world.Gateway.Admin.ReadAsync("/manage/v1/tools?namespace=acme")).Status);
    }

    [Fact]
    public async Task A_stream_of_progress_begins_before_the_intent_is_durable_and_ends_in_an_error_without_it()
    {
        // Progress begins after a second, which passes once the call waits for it; patience ends when there is some.
        var time = new WatchedTime();
        var store = new ScriptedAppendStore(TestGateway.InMemory().AuditAppend);
        await using var world = await World.StartAsync("Stoa:AuditPatienceSeconds", "6", time, TestGateway.InMemory() with { AuditAppend = store });
        await world.ToolAsync("reads");
        (await world.Modern().CallAsync("reads")).IsResult();
        await OutcomeLeavesAsync(() => time.Advance(1), store);
        store.Hold();

        var opening = world.Modern().OpenAsync("tools/call", "\"name\":\"reads\"", meta: $"\"progressToken\":1,{Agent.ModernMeta}");
        await UnderWayAsync(store);
        await time.PassAsync(1);
        using var reply = await opening;
        using var reader = new StreamReader(await reply.Content.ReadAsStreamAsync(Ct));
        var text = "";
        while (!text.Contains("notifications/progress", StringComparison.Ordinal))
        {
            text += await reader.ReadLineAsync(Ct) + "\n";
        }

        time.Advance(6);
        text += await reader.ReadToEndAsync(Ct);
        store.Release();

        Assert.Contains("notifications/progress", text, StringComparison.Ordinal);
        Assert.Contains("-31051", text[text.LastIndexOf("data:", StringComparison.Ordinal)..], StringComparison.Ordinal);
        Assert.DoesNotContain("\"ok\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_buffered_mode_the_upstream_works_while_the_intent_is_on_its_way()
    {
        (await _world.Modern().CallAsync("reads")).IsResult();
        _store.Hold();

        var call = _world.InvokeAsync("reads");
        await _world.Upstream.ArrivedAsync(2);
        Assert.False(call.IsCompleted);
        _store.Release();

        Assert.Equal(200, (await call).Status);
    }

    /// <summary>What comes of it when its record waits for longer than anybody does.</summary>
    private async Task<T> OverdueAsync<T>(Task<T> answer)
    {
        await UnderWayAsync(_store);
        _time.Advance(Patience);
        return await answer;
    }

    private static async Task UnderWayAsync(ScriptedAppendStore store) => await Eventually.TrueAsync(() => Task.FromResult(store.Waiting > 0), Deadline, "the record is on its way");

    // The outcome of a buffered call follows its answer, in 10 ms on the gateway's clock. What is held then is the next call's.
    private static async Task OutcomeLeavesAsync(Action pass, ScriptedAppendStore store)
    {
        pass();
        await Eventually.TrueAsync(async () => (await AuditTrail.ReadAsync(store, Ct)).Records[^1].Text("type") == "outcome", Deadline, "the outcome is on record");
    }
}
