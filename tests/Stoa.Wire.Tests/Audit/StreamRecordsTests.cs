using System.Buffers;
using System.Net;
using System.Text;
using System.Text.Json;
using Stoa.Gateway;
using Stoa.Testing;
using Stoa.Wire.Tests.Manage;

namespace Stoa.Wire.Tests.Audit;

/// <summary>
/// A stream starts at once, its end waits for the record, and the record tells what the caller was given; on every door that streams, whether
/// events pass through or are translated. A record is late when the test moves the clock, and never because the machine is slow.
/// </summary>
public sealed class StreamRecordsTests : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private readonly FakeTime _time = new();
    private readonly GatewayPorts _inMemory = TestGateway.InMemory();
    private readonly TaskCompletionSource _goesOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _isOver = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ScriptedAppendStore _store = null!;
    private GatewayPorts _ports = null!;
    private ScriptedUpstream _provider = null!;
    private TestGateway _gateway = null!;
    private HttpClient _client = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> Doors => ["/v1/chat/completions", "/v1/messages", "/v1/responses"];

    public async ValueTask InitializeAsync()
    {
        _store = new(_inMemory.AuditAppend);
        _ports = _inMemory with { AuditAppend = _store };
        _provider = await ScriptedUpstream.StartAsync(AnswerAsync);
        _gateway = await TestGateway.StartAsync(ports: _ports, settings: new Dictionary<string, string?> { ["Stoa:AuditPatienceSeconds"] = "2" }, time: _time);
        await _gateway.ApplyAsync(Yaml.All(
            Yaml.Tenant(),
            Yaml.Consumer(),
            Yaml.Secret(),
            Yaml.Document("LlmProvider", "name: mistral, namespace: acme", $"{{ type: mistral, baseUrl: '{_provider.Url}v1', auth: {{ secretRef: {{ name: crm, key: key }} }} }}"),
            Yaml.Document("LlmRoute", "name: buffered, namespace: acme", "{ targets: [{ provider: mistral, model: m }] }"),
            Yaml.Document("LlmRoute", "name: closed, namespace: acme", "{ audit: closed, targets: [{ provider: mistral, model: m }] }")));
        _client = _gateway.ClientFor(await _gateway.IssueKeyAsync("acme", "app"));
        using var list = await _client.GetAsync("/v1/models", Ct);
        list.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        _store.Release();
        _goesOn.TrySetResult();
        await _gateway.DisposeAsync();
        await _provider.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task A_stream_starts_before_its_intent_is_durable_and_does_not_end_before(string door)
    {
        await WarmAsync(door);
        _store.Hold();

        using var reply = await OpenAsync(door, "buffered");
        var reader = new Incoming(await reply.Content.ReadAsStreamAsync(Ct));
        await reader.UntilAsync("Hello");
        _goesOn.SetResult();
        await _isOver.Task.WaitAsync(Deadline, Ct);
        Assert.DoesNotContain(LastOf(door), reader.Text, StringComparison.Ordinal);
        _store.Release();

        await reader.ToEndAsync();
        Assert.Contains(LastOf(door), reader.Text, StringComparison.Ordinal);
        var outcome = (await TrailAsync(reply, 2))[1];
        Assert.Equal(("ok", null, "200"), (outcome.Text("outcome"), outcome.Text("withheld"), outcome.GetProperty("upstream").Text("status")));
        await AssertHashAsync(outcome, reader.Bytes);
    }

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task A_stream_whose_intent_is_not_durable_in_time_ends_in_an_error_and_the_outcome_says_what_was_given(string door)
    {
        await WarmAsync(door);
        _store.Hold();
        _goesOn.SetResult();

        using var reply = await OpenAsync(door, "buffered");
        var reader = new Incoming(await reply.Content.ReadAsStreamAsync(Ct));
        await PatienceEndsAsync();
        await reader.ToEndAsync();

        Assert.Contains("Hello", reader.Text, StringComparison.Ordinal);
        Assert.Contains(ErrorOf(door), reader.Text, StringComparison.Ordinal);
        Assert.Contains("audit ledger", reader.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(LastOf(door), reader.Text, StringComparison.Ordinal);
        _store.Release();
        var outcome = (await TrailAsync(reply, 2))[1];
        Assert.Equal("True", outcome.Text("withheld"));
        await AssertHashAsync(outcome, reader.Bytes);
    }

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task A_closed_stream_ends_once_its_outcome_is_durable(string door)
    {
        await WarmAsync(door);
        using var reply = await OpenAsync(door, "closed");
        var reader = new Incoming(await reply.Content.ReadAsStreamAsync(Ct));
        await reader.UntilAsync("Hello");
        var intent = Assert.Single((await AuditTrail.ReadAsync(_store, Ct)).OfTrace(Trace(reply)));
        Assert.Equal("closed", intent.Text("mode"));

        _store.Hold();
        _goesOn.SetResult();
        await Eventually.TrueAsync(() => Task.FromResult(_store.Waiting > 0), Deadline, "the outcome is on its way");
        Assert.DoesNotContain(LastOf(door), reader.Text, StringComparison.Ordinal);
        _store.Release();
        await reader.ToEndAsync();

        Assert.Contains(LastOf(door), reader.Text, StringComparison.Ordinal);
        var outcome = (await AuditTrail.ReadAsync(_store, Ct)).ChainOf(Trace(reply))[1];
        Assert.Equal("ok", outcome.Text("outcome"));
        Assert.True(outcome.GetProperty("tokens").GetProperty("output").GetInt64() > 0);
        await AssertHashAsync(outcome, reader.Bytes);
    }

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task A_closed_stream_whose_outcome_is_not_durable_in_time_ends_in_an_error_and_a_record_says_so(string door)
    {
        await WarmAsync(door);
        using var reply = await OpenAsync(door, "closed");
        var reader = new Incoming(await reply.Content.ReadAsStreamAsync(Ct));
        await reader.UntilAsync("Hello");
        _store.Hold();
        _goesOn.SetResult();
        await PatienceEndsAsync();
        await reader.ToEndAsync();

        Assert.Contains(ErrorOf(door), reader.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(LastOf(door), reader.Text, StringComparison.Ordinal);
        _store.Release();
        var records = await TrailAsync(reply, 3);
        Assert.Equal(["intent", "outcome", "event"], records.Select(r => r.Text("type")));
        Assert.Equal(("audit_unavailable", "True"), (records[2].Text("outcome"), records[2].Text("withheld")));
    }

    [Fact]
    public async Task A_closed_route_asks_no_provider_while_its_intent_is_not_durable()
    {
        await WarmAsync("/v1/chat/completions");
        var asked = _provider.Requests.Count;
        _store.Hold();

        var opening = OpenAsync("/v1/chat/completions", "closed");
        await PatienceEndsAsync();
        using var reply = await opening;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, reply.StatusCode);
        Assert.Equal(asked, _provider.Requests.Count);
    }

    [Fact]
    public async Task A_stream_that_its_caller_leaves_says_what_was_given_until_then()
    {
        string trace;
        var reader = (Incoming?)null;
        using (var reply = await OpenAsync("/v1/chat/completions", "buffered"))
        {
            trace = Trace(reply);
            reader = new(await reply.Content.ReadAsStreamAsync(Ct));
            await reader.UntilAsync("Hello");
        }

        var records = await TrailAsync(trace, 2);
        Assert.Equal("cancelled", records[1].Text("outcome"));
        await AssertHashAsync(records[1], reader.Bytes);
    }

    [Fact]
    public async Task A_stream_that_breaks_says_what_was_given_until_then()
    {
        using var reply = await OpenAsync("/v1/messages", "buffered", "break off");
        var reader = new Incoming(await reply.Content.ReadAsStreamAsync(Ct));
        await reader.ToEndAsync();

        Assert.Contains("event: error", reader.Text, StringComparison.Ordinal);
        var outcome = (await TrailAsync(reply, 2))[1];
        Assert.Equal("tool_error", outcome.Text("outcome"));
        await AssertHashAsync(outcome, reader.Bytes);
    }

    [Fact]
    public async Task An_answer_that_is_no_stream_has_its_hash_too()
    {
        using var reply = await _client.PostAsync("/v1/chat/completions", new StringContent("""{"model":"buffered","user":"alice","messages":[{"role":"user","content":"Hi"}]}"""), Ct);
        var outcome = (await TrailAsync(reply, 2))[1];

        await AssertHashAsync(outcome, await reply.Content.ReadAsByteArrayAsync(Ct));
        var key = await SubjectKeyOf.RecordAsync(_ports, outcome, Ct);
        Assert.Equal(key.Of("alice").ToString(), outcome.Text("user"));
    }

    private static string LastOf(string door) => door switch { "/v1/messages" => "message_stop", "/v1/responses" => "response.completed", _ => "[DONE]" };

    private static string ErrorOf(string door) => door switch { "/v1/messages" => "event: error", "/v1/responses" => "response.failed", _ => "\"error\":" };

    private static string Trace(HttpResponseMessage reply) => reply.Headers.GetValues("x-stoa-trace-id").Single();

    private async Task AnswerAsync(ScriptedExchange exchange)
    {
        const string Chunk = """data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":DELTA,"finish_reason":FINISH}]}""" + "\n\n";
        if (!exchange.Request.BodyText.Contains("\"stream\":true", StringComparison.Ordinal))
        {
            await exchange.AnswerJsonAsync("""{"id":"c1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}""");
            return;
        }

        await exchange.BeginAsync(200, "text/event-stream");
        await exchange.ChunkAsync(Chunk.Replace("DELTA", """{"role":"assistant","content":"Hello"}""", StringComparison.Ordinal).Replace("FINISH", "null", StringComparison.Ordinal));
        if (exchange.Request.BodyText.Contains("break off", StringComparison.Ordinal))
        {
            exchange.Close();
            return;
        }

        await _goesOn.Task.WaitAsync(exchange.ClientLeft);
        await exchange.ChunkAsync(Chunk.Replace("DELTA", "{}", StringComparison.Ordinal).Replace("FINISH", "\"stop\"", StringComparison.Ordinal)
            .Replace("}]}", "}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2,\"total_tokens\":5}}", StringComparison.Ordinal));
        await exchange.ChunkAsync("data: [DONE]\n\n");
        await exchange.EndAsync();
        _isOver.TrySetResult();
    }

    // Once the record that somebody waits for is held: so much later nobody does any more.
    private async Task PatienceEndsAsync()
    {
        await Eventually.TrueAsync(() => Task.FromResult(_store.Waiting > 0), Deadline, "the record is on its way");
        _time.Advance(Patience);
    }

    // The first call of a consumer makes its key, and connections.
    private async Task WarmAsync(string door)
    {
        using var reply = await _client.PostAsync(door, new StringContent(Body(door, "buffered", "Hi").Replace("\"stream\":true", "\"stream\":false", StringComparison.Ordinal)), Ct);
        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        await TrailAsync(reply, 2);
    }

    private Task<HttpResponseMessage> OpenAsync(string door, string model, string text = "Hi") => _client.SendAsync(
        new HttpRequestMessage(HttpMethod.Post, door) { Content = new StringContent(Body(door, model, text)) }, HttpCompletionOption.ResponseHeadersRead, Ct);

    private static string Body(string door, string model, string text) => door is "/v1/responses"
        ? $$"""{"model":"{{model}}","stream":true,"store":false,"input":"{{text}}"}"""
        : $$"""{"model":"{{model}}","stream":true,"max_tokens":100,"messages":[{"role":"user","content":"{{text}}"}]}""";

    private Task<IReadOnlyList<JsonElement>> TrailAsync(HttpResponseMessage reply, int count) => TrailAsync(Trace(reply), count);

    private async Task<IReadOnlyList<JsonElement>> TrailAsync(string trace, int count)
    {
        IReadOnlyList<JsonElement> records = [];
        await Eventually.TrueAsync(
            async () =>
            {
                // The outcome of a buffered call leaves after 10 ms on the gateway's clock.
                _time.Advance(TimeSpan.FromMilliseconds(10));
                return (records = (await AuditTrail.ReadAsync(_store, Ct)).OfTrace(trace)).Count >= count;
            },
            Deadline,
            $"{count} records");
        return records;
    }

    private async Task AssertHashAsync(JsonElement outcome, byte[] given)
    {
        var key = await SubjectKeyOf.RecordAsync(_ports, outcome, Ct);
        var result = outcome.GetProperty("result");
        Assert.Equal(given.Length, result.GetProperty("bytes").GetInt64());
        Assert.Equal(key.Of(given).Keyed!.Value.ToString(), result.Text("hmac"));
    }

    /// <summary>A stream as its caller reads it.</summary>
    private sealed class Incoming(Stream stream)
    {
        private readonly ArrayBufferWriter<byte> _read = new();
        private readonly byte[] _buffer = new byte[4096];

        public byte[] Bytes => _read.WrittenSpan.ToArray();

        public string Text => Encoding.UTF8.GetString(Bytes);

        public async Task UntilAsync(string part)
        {
            while (!Text.Contains(part, StringComparison.Ordinal) || !Text.EndsWith("\n\n", StringComparison.Ordinal))
            {
                Assert.True(await MoreAsync(), $"The stream ended without '{part}': {Text}");
            }
        }

        public async Task ToEndAsync()
        {
            while (await MoreAsync())
            {
            }
        }

        private async Task<bool> MoreAsync()
        {
            var count = await stream.ReadAsync(_buffer, Ct).AsTask().WaitAsync(Deadline, Ct);
            _read.Write(_buffer.AsSpan(0, count));
            return count > 0;
        }
    }
}
