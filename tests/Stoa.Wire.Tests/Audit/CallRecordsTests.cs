using System.Text.Json;
using Stoa.Gateway;
using Stoa.Testing;
using Stoa.Wire.Tests.Mcp;

namespace Stoa.Wire.Tests.Audit;

/// <summary>Every allow, deny and error, on both doors of tools, is one chain of records.</summary>
public sealed class CallRecordsTests : IAsyncLifetime
{
    private const string Writes = "method: POST";
    private readonly GatewayPorts _ports = TestGateway.InMemory();
    private World _world = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _world = await World.StartAsync(ports: _ports);
        await _world.ToolAsync("reads");
        await _world.ToolAsync("writes", Writes);
        await _world.ToolAsync("strict", Given.CityInput);
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_call_has_an_intent_and_an_outcome(bool isRest)
    {
        var records = await ChainAsync(await CallAsync(isRest, "writes", """{"city":"Bern"}"""), 2);

        var (intent, outcome) = (records[0], records[1]);
        Assert.Equal(("closed", isRest ? "rest" : "mcp", "tools/call", "writes"), (intent.Text("mode"), intent.Text("door"), intent.Text("op"), intent.Text("target")));
        Assert.Equal(("acme", "agent", "api_key"), (intent.Text("tenant"), intent.Text("consumer"), intent.GetProperty("auth").Text("method")));
        Assert.Equal("allow", intent.Decision("policy"));
        Assert.Equal("allow", intent.Decision("quota"));
        Assert.Matches("^[0-9a-f]{64}$", intent.GetProperty("args").Text("hmac"));
        Assert.Equal(("ok", "200", "True"), (outcome.Text("outcome"), outcome.GetProperty("upstream").Text("status"), outcome.GetProperty("upstream").Text("reached")));
        Assert.Matches("^[0-9a-f]{64}$", outcome.GetProperty("result").Text("hmac"));
        Assert.Equal(intent.Text("revision"), outcome.Text("revision"));
    }

    [Fact]
    public async Task A_tool_that_only_reads_is_buffered_unless_it_says_otherwise()
    {
        await _world.ToolAsync("careful", "audit: closed");
        await _world.ToolAsync("careless", Writes + "\naudit: buffered");

        Assert.Equal("buffered", (await ChainAsync(await CallAsync(false, "reads"), 2))[0].Text("mode"));
        Assert.Equal("closed", (await ChainAsync(await CallAsync(false, "careful"), 2))[0].Text("mode"));
        Assert.Equal("buffered", (await ChainAsync(await CallAsync(false, "careless"), 2))[0].Text("mode"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_list_has_one_record(bool isRest)
    {
        var reply = isRest ? await _world.RestAsync(HttpMethod.Get, "/mcp/v1/tools") : await _world.Modern().ListAsync();

        var record = Assert.Single(await ChainAsync(reply, 1));
        Assert.Equal(("tools/list", "ok"), (record.Text("op"), record.Text("outcome")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_refusal_names_the_stage_that_refused(bool isRest)
    {
        var scope = Assert.Single(await ChainAsync(await CallAsync(isRest, "writes", key: _world.ReaderKey), 1));
        Assert.Equal("insufficient_scope", scope.Text("outcome"));
        Assert.Single(scope.GetProperty("decisions").EnumerateObject(), d => d.Value.GetString() == "deny");

        var unknown = Assert.Single(await ChainAsync(await CallAsync(isRest, "nothing"), 1));
        Assert.Equal(("unknown_tool", "deny", "allow", null), (unknown.Text("outcome"), unknown.Decision("target"), unknown.Decision("room"), unknown.Decision("quota")));

        var invalid = Assert.Single(await ChainAsync(await CallAsync(isRest, "strict", """{"city":1}"""), 1));
        Assert.Equal(("invalid_arguments", "deny", "strict"), (invalid.Text("outcome"), invalid.Decision("arguments"), invalid.Text("target")));
        Assert.Equal(10, invalid.GetProperty("args").GetProperty("bytes").GetInt32());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_upstream_that_fails_is_an_outcome(bool isRest)
    {
        _world.UpstreamAnswers(500, "text/plain", "oh no");

        var records = await ChainAsync(await CallAsync(isRest, "writes"), 2);

        Assert.Equal(("tool_error", "500"), (records[1].Text("outcome"), records[1].GetProperty("upstream").Text("status")));
    }

    [Fact]
    public async Task A_caller_who_leaves_has_an_outcome_all_the_same()
    {
        _world.UpstreamAnswers(exchange => Task.Delay(Timeout.Infinite, exchange.ClientLeft).ContinueWith(_ => { }, Ct, TaskContinuationOptions.None, TaskScheduler.Default));
        using var client = _world.Client(_world.Key);
        using var leaves = new CancellationTokenSource();
        var call = client.PostAsync("/mcp/v1/tools/reads/invoke", null, leaves.Token);
        await _world.Upstream.ArrivedAsync();
        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);

        await Eventually.TrueAsync(
            async () => (await TrailAsync()).Of("outcome").Any(r => r.Text("outcome") == "cancelled" && r.Text("target") == "reads"),
            TimeSpan.FromSeconds(60),
            "the outcome is on record");
    }

    [Fact]
    public async Task A_suspended_caller_is_on_record_and_a_stranger_is_counted()
    {
        await _world.ApplyAsync(Given.Consumer("reader", "suspended: true"));
        var record = Assert.Single(await ChainAsync(await CallAsync(true, "reads", key: _world.ReaderKey), 1));
        Assert.Equal(("suspended", "deny", "reader", "POST /mcp/v1/tools/{name}/invoke"), (record.Text("outcome"), record.Decision("entry"), record.Text("consumer"), record.Text("door")));

        var before = (await TrailAsync()).Records.Count;
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(401, (await CallAsync(i % 2 == 0, "reads", key: "stoa_" + new string('x', 43))).Status);
        }

        Assert.Equal(401, (await _world.RestAsync(HttpMethod.Get, "/mcp/v1/tools", key: null)).Status);
        Assert.Equal(before, (await TrailAsync()).Records.Count);

        await _world.Gateway.StopAsync();
        var trail = await TrailAsync();
        var note = Assert.Single(trail.Of("note"));
        Assert.Equal("""[{"count":3,"reason":"invalid_credential"},{"count":1,"reason":"missing_credential"}]""", note.GetProperty("counts").GetRawText());
        Assert.Equal("close", trail.Records[^1].Text("type"));
    }

    [Fact]
    public async Task What_is_malformed_becomes_no_call_and_is_on_record_all_the_same()
    {
        Reply[] replies =
        [
            await _world.RestAsync(HttpMethod.Post, "/mcp/v1/tools/reads/invoke", "{"),
            await _world.Modern().RequestAsync("tools/call", "\"arguments\":{}"),
            await _world.Modern().RequestAsync("no/such/method"),
            await _world.Modern().PostAsync("{"),
        ];

        foreach (var reply in replies)
        {
            var record = Assert.Single(await ChainAsync(reply, 1));
            Assert.StartsWith("malformed_", record.Text("outcome"), StringComparison.Ordinal);
            Assert.Equal(("agent", "deny"), (record.Text("consumer"), record.Decision("entry")));
        }
    }

    [Fact]
    public async Task What_a_caller_types_for_a_name_is_recorded_only_when_it_can_be_one()
    {
        var typed = Assert.Single(await ChainAsync(await CallAsync(false, "no-such-tool"), 1));
        var other = Assert.Single(await ChainAsync(await CallAsync(false, "my password is 'hunter2'"), 1));

        Assert.Equal("no-such-tool", typed.Text("target"));
        Assert.Null(other.Text("target"));
    }

    private Task<Reply> CallAsync(bool isRest, string tool, string arguments = "{}", string? key = "") =>
        isRest ? _world.InvokeAsync(tool, arguments, key) : _world.Modern(key).CallAsync(tool, arguments);

    private Task<AuditTrail> TrailAsync() => AuditTrail.ReadAsync(_ports.AuditAppend, Ct);

    private async Task<IReadOnlyList<JsonElement>> ChainAsync(Reply reply, int count)
    {
        IReadOnlyList<JsonElement> chain = [];
        await Eventually.TrueAsync(
            async () =>
            {
                // The outcome of a buffered call may follow its answer.
                var trail = await TrailAsync();
                var found = trail.OfTrace(reply.Header("x-stoa-trace-id")!);
                chain = found.Count < count ? found : trail.ChainOf(reply.Header("x-stoa-trace-id"));
                return found.Count >= count;
            },
            TimeSpan.FromSeconds(60),
            $"{count} records");
        return chain;
    }
}
