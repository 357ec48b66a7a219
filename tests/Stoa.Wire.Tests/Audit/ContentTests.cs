using System.Net;
using System.Text;
using System.Text.Json;
using Stoa.Gateway;
using Stoa.Gateway.Audit.Records;
using Stoa.Testing;
using Stoa.Wire.Tests.Manage;

namespace Stoa.Wire.Tests.Audit;

/// <summary>Contents are kept when a tenant asks for that, sealed, for its administrators, until their consumer is forgotten; and never what the gateway itself adds.</summary>
public sealed class ContentTests : IAsyncLifetime
{
    private const string Sent = "canary-sent-51d2";
    private const string Got = "canary-got-7f3a";
    private const string Credential = "canary-credential-9c51";
    private readonly GatewayPorts _ports = TestGateway.InMemory();
    private readonly Dictionary<string, string> _keys = [];
    private ScriptedUpstream _upstream = null!;
    private TestGateway _gateway = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _upstream = await ScriptedUpstream.StartAsync(AnswerAsync);
        _gateway = await TestGateway.StartAsync(ports: _ports);
        foreach (var (tenant, spec) in new[] { ("acme", "{ audit: { capture: [arguments, results] } }"), ("globex", "{}"), ("initech", "{ audit: { capture: [results] } }") })
        {
            await _gateway.ApplyAsync(Yaml.All(
                Yaml.Tenant(tenant, spec),
                Yaml.Consumer(spec: "{ scopes: [stoa:write] }", tenant: tenant),
                Yaml.Consumer("boss", "{ scopes: [stoa:admin, stoa:read], role: tenant-admin }", tenant),
                Yaml.Consumer("viewer", "{ scopes: [stoa:read], role: viewer }", tenant),
                Yaml.Secret(data: $"{{ key: {Credential} }}", tenant: tenant),
                Yaml.Tool("echo", $"{_upstream.Url}echo", "method: POST, auth: { type: bearer, bearer: { secretRef: { name: crm, key: key } } }", tenant),
                Yaml.Document("LlmProvider", $"name: mistral, namespace: {tenant}", $"{{ type: mistral, baseUrl: '{_upstream.Url}v1', auth: {{ secretRef: {{ name: crm, key: key }} }} }}"),
                Yaml.Document("LlmRoute", $"name: smart, namespace: {tenant}", "{ targets: [{ provider: mistral, model: m }] }")));
            foreach (var consumer in new[] { "app", "boss", "viewer" })
            {
                _keys[$"{tenant}/{consumer}"] = await _gateway.IssueKeyAsync(tenant, consumer);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task What_a_tenant_asks_for_is_kept_sealed_and_shown_to_its_administrators_alone()
    {
        var call = await InvokeAsync("acme", $$"""{"ssn":"{{Sent}}","n":1}""");
        await RestartAsync();

        Assert.Equal(("args", $$"""{"ssn":"{{Sent}}","n":1}""", false), Shown(await ContentAsync(call[0], "acme/boss")));
        Assert.Equal(("result", $$"""{"got":"{{Got}}"}""", false), Shown(await ContentAsync(call[1], "acme/boss")));
        Assert.Equal(200, (await ContentAsync(call[0], null)).Status);

        Assert.Equal(403, (await ContentAsync(call[0], "acme/viewer")).Status);
        Assert.Equal(403, (await ContentAsync(call[0], "acme/app")).Status);
        Assert.Equal(404, (await ContentAsync(call[0], "globex/boss")).Status);

        var text = (await AuditTrail.ReadAsync(_ports.AuditAppend, Ct)).Text;
        Assert.DoesNotContain(Sent, text, StringComparison.Ordinal);
        Assert.DoesNotContain(Got, text, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes(Sent))[..12], text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Looking_is_on_record()
    {
        var call = await InvokeAsync("acme", "{}");
        await RestartAsync();
        var shown = await ContentAsync(call[0], "acme/boss");

        var looked = (await AuditTrail.ReadAsync(_ports.AuditAppend, Ct)).ChainOf(shown.Headers.GetValues("x-stoa-trace-id").Single());
        Assert.Equal(("boss", "ok", call[0].Text("id")), (looked[1].Text("consumer"), looked[1].Text("outcome"), looked[1].Text("target")));
        var change = Assert.Single(looked[1].GetProperty("changes").EnumerateArray());
        Assert.Equal(("read", "AuditContent"), (change.Text("action"), change.Text("kind")));
    }

    [Fact]
    public async Task What_the_gateway_adds_is_in_no_content()
    {
        var ids = new List<JsonElement>(await InvokeAsync("acme", "{}"));
        ids.AddRange(await AskAsync("acme", isStream: false));
        ids.AddRange(await AskAsync("acme", isStream: true));
        await RestartAsync();

        Assert.Equal(3, _upstream.Requests.Count(r => r.HeaderLines.Any(l => l.Contains(Credential, StringComparison.Ordinal))));
        foreach (var id in ids)
        {
            var shown = await ContentAsync(id, null);
            Assert.Equal(200, shown.Status);
            Assert.DoesNotContain(Credential, shown.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(_keys["acme/app"], shown.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Of_a_stream_the_beginning_is_kept_as_it_was_given()
    {
        var stream = await AskAsync("acme", isStream: true);
        await RestartAsync();

        var (of, text, isTruncated) = Shown(await ContentAsync(stream[1], "acme/boss"));
        Assert.Equal(("result", true), (of, isTruncated));
        Assert.StartsWith("data: {", text, StringComparison.Ordinal);
        Assert.InRange(Encoding.UTF8.GetByteCount(text), CapturedContent.Most - 3, CapturedContent.Most);
        Assert.Contains(Got, text, StringComparison.Ordinal);
        Assert.Contains(Sent, Shown(await ContentAsync(stream[0], "acme/boss")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Long_contents_are_cut_and_records_stay_within_their_limit()
    {
        var call = await InvokeAsync("acme", $$"""{"long":"{{string.Concat(Enumerable.Repeat("é", 60_000))}}"}""");
        await RestartAsync();

        var (_, text, isTruncated) = Shown(await ContentAsync(call[0], "acme/boss"));
        Assert.True(isTruncated);
        Assert.StartsWith("""{"long":"éé""", text, StringComparison.Ordinal);
        Assert.All((await AuditTrail.ReadAsync(_ports.AuditAppend, Ct)).Text.Split('\n'), line => Assert.True(Encoding.UTF8.GetByteCount(line) <= 32 * 1024));
    }

    [Fact]
    public async Task A_tenant_that_asks_for_less_or_nothing_gets_that()
    {
        var nothing = await InvokeAsync("globex", "{}");
        var results = await InvokeAsync("initech", "{}");
        await RestartAsync();

        Assert.Equal(404, (await ContentAsync(nothing[0], "globex/boss")).Status);
        Assert.Equal(404, (await ContentAsync(nothing[1], "globex/boss")).Status);
        Assert.Equal(404, (await ContentAsync(results[0], "initech/boss")).Status);
        Assert.Equal(200, (await ContentAsync(results[1], "initech/boss")).Status);
        Assert.Equal(404, (await ContentAsync("nobody", "globex/boss")).Status);
    }

    [Fact]
    public async Task What_is_refused_is_kept_as_well()
    {
        var refused = await RecordsAsync(await SendAsync("acme", "/mcp/v1/tools/nothing/invoke", $$$"""{"arguments":{"a":"{{{Sent}}}"}}"""), 1);
        await RestartAsync();

        Assert.Contains(Sent, Shown(await ContentAsync(refused[0], "acme/boss")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_forgotten_is_forgotten_and_every_proof_stays_valid()
    {
        var call = await InvokeAsync("acme", $$"""{"ssn":"{{Sent}}"}""");
        await RestartAsync();
        Assert.Equal(204, (await _gateway.Admin.RemoveAsync("/manage/v1/audit/subjects/app?namespace=acme")).Status);

        // A new key for the same name opens nothing of before.
        await InvokeAsync("acme", "{}");
        var gone = await ContentAsync(call[0], "acme/boss");

        Assert.Equal(410, gone.Status);
        Assert.Contains("destroyed", gone.Text, StringComparison.Ordinal);
        Assert.Equal(200, (await _gateway.Admin.ReadAsync($"/manage/v1/audit/{call[0].Text("id")}/proof")).Status);
        await RestartAsync();
        Assert.DoesNotContain(await LedgerFolder.VerifyAsync(_ports.AuditAppend, _ports.Rows, Ct), finding => finding.IsTampering);
    }

    [Fact]
    public async Task A_content_belongs_to_its_record()
    {
        var call = await InvokeAsync("acme", $$"""{"ssn":"{{Sent}}"}""");
        var key = await SubjectKeyOf.RecordAsync(_ports, call[0], Ct);
        var data = call[0].GetProperty("content").GetProperty("data").GetBytesFromBase64();

        Assert.NotNull(key.Open(data, Encoding.ASCII.GetBytes(call[0].Text("id")!)));
        Assert.Null(key.Open(data, Encoding.ASCII.GetBytes(call[1].Text("id")!)));
        data[^1] ^= 1;
        Assert.Null(key.Open(data, Encoding.ASCII.GetBytes(call[0].Text("id")!)));
    }

    private static async Task AnswerAsync(ScriptedExchange exchange)
    {
        const string Chunk = """data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"canary-got-7f3a"},"finish_reason":null}]}""" + "\n\n";
        if (exchange.Request.Target == "/echo")
        {
            await exchange.AnswerJsonAsync($$"""{"got":"{{Got}}"}""");
        }
        else if (exchange.Request.BodyText.Contains("\"stream\":true", StringComparison.Ordinal))
        {
            await exchange.AnswerAsync(200, "text/event-stream", string.Concat(Enumerable.Repeat(Chunk, 100)) + Chunk.Replace("null", "\"stop\"", StringComparison.Ordinal) + "data: [DONE]\n\n");
        }
        else
        {
            await exchange.AnswerJsonAsync($$"""{"id":"c1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"{{Got}}"},"finish_reason":"stop"}]}""");
        }
    }

    private static (string Of, string Text, bool IsTruncated) Shown(Reply reply)
    {
        Assert.True(reply.Status == 200, reply.Text);
        return (reply.Body.Text("of")!, reply.Body.Text("text")!, reply.Body.GetProperty("truncated").GetBoolean());
    }

    // An instance that stops seals what it wrote.
    private async Task RestartAsync()
    {
        await _gateway.StopAsync();
        await _gateway.DisposeAsync();
        _gateway = await TestGateway.StartAsync(ports: _ports);
    }

    private Task<Reply> ContentAsync(JsonElement record, string? who) => ContentAsync(record.Text("id")!, who);

    private Task<Reply> ContentAsync(string id, string? who) =>
        (who is null ? _gateway.Admin : _gateway.ClientFor(_keys[who])).ReadAsync($"/manage/v1/audit/{id}/content");

    private async Task<IReadOnlyList<JsonElement>> InvokeAsync(string tenant, string arguments) =>
        await RecordsAsync(await SendAsync(tenant, "/mcp/v1/tools/echo/invoke", $$"""{"arguments":{{arguments}}}"""), 2);

    private async Task<IReadOnlyList<JsonElement>> AskAsync(string tenant, bool isStream) =>
        await RecordsAsync(await SendAsync(tenant, "/v1/chat/completions", $$"""{"model":"smart","stream":{{(isStream ? "true" : "false")}},"messages":[{"role":"user","content":"{{Sent}}"}]}"""), 2);

    private async Task<HttpResponseMessage> SendAsync(string tenant, string path, string body)
    {
        var reply = await _gateway.ClientFor(_keys[$"{tenant}/app"]).PostAsync(path, new StringContent(body), Ct);
        Assert.True(reply.StatusCode is HttpStatusCode.OK or HttpStatusCode.NotFound, $"{reply.StatusCode} {await reply.Content.ReadAsStringAsync(Ct)}");
        return reply;
    }

    private async Task<IReadOnlyList<JsonElement>> RecordsAsync(HttpResponseMessage reply, int count)
    {
        using (reply)
        {
            var trace = reply.Headers.GetValues("x-stoa-trace-id").Single();
            IReadOnlyList<JsonElement> records = [];
            await Eventually.TrueAsync(async () => (records = (await AuditTrail.ReadAsync(_ports.AuditAppend, Ct)).OfTrace(trace)).Count >= count, TimeSpan.FromSeconds(60), $"{count} records");
            return records;
        }
    }
}
