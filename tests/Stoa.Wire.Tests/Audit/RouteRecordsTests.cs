using System.Net;
using System.Text;
using System.Text.Json;
using Stoa.Gateway;
using Stoa.Testing;
using Stoa.Wire.Tests.Manage;

namespace Stoa.Wire.Tests.Audit;

/// <summary>
/// Every URL of the gateway is called by somebody who may, by somebody who may not, and with nonsense; each answer has its record. A route that is
/// new has to be told here how it is called rightly, and cannot forget its record.
/// </summary>
public sealed class RouteRecordsTests : IAsyncLifetime
{
    private const string ToolList = """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""";
    private const string Chat = """{"model":"smart","messages":[{"role":"user","content":"Hi"}]}""";
    private const string Messages = """{"model":"smart","max_tokens":50,"messages":[{"role":"user","content":"Hi"}]}""";
    private const string Responses = """{"model":"smart","input":"Hi","store":false}""";
    private const string Embeddings = """{"model":"smart","input":"Hi"}""";

    /// <summary>How a route is called rightly: the values of its path that are not the usual ones, a query, a body.</summary>
    private static readonly Dictionary<string, Right> Rights = new(StringComparer.Ordinal)
    {
        ["POST /mcp"] = new(Body: ToolList),
        ["POST /t/{tenant}/mcp"] = new(Body: ToolList),
        ["POST /v1/chat/completions"] = new(Body: Chat),
        ["POST /v1/responses"] = new(Body: Responses),
        ["POST /v1/embeddings"] = new(Body: Embeddings),
        ["POST /v1/messages"] = new(Body: Messages),
        ["POST /v1/messages/count_tokens"] = new(Body: Messages),
        ["POST /openai/deployments/{deployment}/chat/completions"] = new(Body: Chat),
        ["POST /openai/deployments/{deployment}/embeddings"] = new(Body: Embeddings),
        ["POST /openai/responses"] = new(Body: Responses),
        ["POST /openai/v1/chat/completions"] = new(Body: Chat),
        ["POST /openai/v1/responses"] = new(Body: Responses),
        ["POST /openai/v1/embeddings"] = new(Body: Embeddings),
        ["POST /manage/v1/apply"] = new(Body: Yaml.Tool("another"), Type: "application/yaml"),
        ["GET /manage/v1/schemas/{kind}"] = new("kind=tool"),
        ["POST /manage/v1/tenants/{name}/rollback"] = new("name=acme", Body: """{"revision":1}"""),
        ["GET /manage/v1/tenants/{name}/revisions"] = new("name=acme"),
        ["POST /manage/v1/toolsets/{name}/sync"] = new("name=pets"),
        ["POST /manage/v1/llm/providers/{name}/probe"] = new("name=mistral"),
        ["POST /manage/v1/subscriptions/{name}/approve"] = new("name=basic"),
        ["POST /manage/v1/subscriptions/{name}/suspend"] = new("name=basic"),
        ["POST /manage/v1/subscriptions/{name}/resume"] = new("name=basic"),
        ["POST /manage/v1/subscriptions/{name}/revoke"] = new("name=basic"),
        ["GET /manage/v1/audit/files"] = new(Query: "folder=ledger/"),
        ["GET /manage/v1/audit/files/{*name}"] = new("name=registry.jsonl"),
    };

    private readonly GatewayPorts _ports = TestGateway.InMemory();
    private readonly Dictionary<string, string> _usual = new(StringComparer.Ordinal)
    {
        ["tenant"] = "acme",
        ["consumer"] = "app",
        ["name"] = "hello",
        ["kinds"] = "tools",
        ["model"] = "smart",
        ["deployment"] = "smart",
    };

    private ScriptedUpstream _upstream = null!;
    private TestGateway _gateway = null!;
    private HttpClient _app = null!;
    private HttpClient _suspended = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _upstream = await ScriptedUpstream.StartAsync(AnswerAsync);
        await using (var first = await TestGateway.StartAsync(ports: _ports))
        {
            await SetUpAsync(first);
            await first.StopAsync();
        }

        // What the first instance wrote is sealed now, and so can be proven and shown.
        _gateway = await TestGateway.StartAsync(ports: _ports);
        _app = _gateway.ClientFor(await _gateway.IssueKeyAsync("acme", "app"));
        var key = await _gateway.IssueKeyAsync("acme", "idle");
        await _gateway.ApplyAsync(Yaml.Consumer("idle", "{ suspended: true }"));
        _suspended = _gateway.ClientFor(key);
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task Every_answer_of_every_route_has_its_record()
    {
        var faults = new List<string>();

        // What destroys comes last, or the routes after it would find nothing.
        foreach (var route in RouteTable.All.Where(r => r.Access is not Access.Open).OrderBy(r => r.Method == "DELETE"))
        {
            _usual["id"] = route.Path.Contains("/keys/", StringComparison.Ordinal) ? await NewKeyAsync() : _usual["record"];
            var name = $"{route.Method} {route.Path}";
            var right = Rights.GetValueOrDefault(name, new());
            using var allowed = await SendAsync(route.Access is Access.Admin ? _gateway.Admin : _app, route, right.Values, $"{right.Query}&namespace=acme", right.Body ?? (route.Method == "POST" ? "{}" : null), right.Type);
            if (!allowed.IsSuccessStatusCode)
            {
                faults.Add($"{name}: the test does not call it rightly: {(int)allowed.StatusCode} {await allowed.Content.ReadAsStringAsync(Ct)}");
            }

            await CheckAsync(name, "allow", allowed, faults);

            using var denied = await SendAsync(_suspended, route, right.Values, right.Query, right.Body, right.Type);
            Assert.False(denied.IsSuccessStatusCode);
            await CheckAsync(name, "deny", denied, faults);

            if (route.Access is Access.Admin)
            {
                using var roleless = await SendAsync(_app, route, right.Values, $"{right.Query}&namespace=acme", right.Body, right.Type);
                Assert.Equal(HttpStatusCode.Forbidden, roleless.StatusCode);
                await CheckAsync(name, "no role", roleless, faults);
            }

            using var wrong = await SendAsync(route.Access is Access.Admin ? _gateway.Admin : _app, route, "tenant=nobody&consumer=nobody&name=nobody&kinds=nobodies&model=nobody&deployment=nobody&id=nobody&kind=nobody", "namespace=nobody&cursor=nobody", route.Method == "POST" ? "{ nonsense" : null, "application/json");
            await CheckAsync(name, "error", wrong, faults);
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Fact]
    public async Task Who_is_not_known_is_counted()
    {
        using var stranger = _gateway.ClientFor("stoa_nobody");
        foreach (var route in RouteTable.All.Where(r => r.Access is not Access.Open))
        {
            using var refused = await SendAsync(stranger, route, "", "", null, "application/json");
            Assert.False(refused.IsSuccessStatusCode, route.Path);
        }

        using var nowhere = await stranger.GetAsync("/nowhere", Ct);
        using var method = await stranger.PutAsync("/manage/v1/apply", null, Ct);
        await _gateway.StopAsync();

        // A note tells the counts of a minute, so there may be several.
        var counts = (await AuditTrail.ReadAsync(_ports.AuditAppend, Ct)).Of("note").SelectMany(n => n.GetProperty("counts").EnumerateArray())
            .GroupBy(c => c.Text("reason")!, c => c.GetProperty("count").GetInt64()).ToDictionary(c => c.Key, c => c.Sum());
        Assert.Equal(RouteTable.All.Count(r => r.Access is not Access.Open), counts["invalid_credential"]);
        Assert.Equal((1, 1), (counts["not_found"], counts["method_not_allowed"]));
    }

    private static async Task AnswerAsync(ScriptedExchange exchange)
    {
        const string Completion = """{"id":"c1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}""";
        const string Vectors = """{"object":"list","model":"m","data":[{"object":"embedding","index":0,"embedding":[0.1]}],"usage":{"prompt_tokens":1,"total_tokens":1}}""";
        var target = exchange.Request.Target;
        await exchange.AnswerJsonAsync(target.EndsWith("/chat/completions", StringComparison.Ordinal) ? Completion
            : target.EndsWith("/embeddings", StringComparison.Ordinal) ? Vectors
            : target.EndsWith("/models", StringComparison.Ordinal) ? """{"object":"list","data":[]}"""
            : """{"ok":true}""");
    }

    private async Task SetUpAsync(TestGateway gateway)
    {
        const string Pets = """{"openapi":"3.0.3","info":{"title":"Pets","version":"1"},"servers":[{"url":"HERE"}],"paths":{"/pets":{"get":{"operationId":"list_pets","summary":"Lists pets.","responses":{"200":{"description":"ok"}}}}}}""";
        var description = JsonSerializer.Serialize(Pets.Replace("HERE", _upstream.Url.ToString(), StringComparison.Ordinal));
        await gateway.ApplyAsync(Yaml.All(
            Yaml.Tenant(spec: "{ audit: { capture: [arguments] } }"),
            Yaml.Consumer(spec: "{ scopes: [stoa:write] }"),
            Yaml.Consumer("idle"),
            Yaml.Secret(),
            Yaml.Tool(endpoint: $"{_upstream.Url}hello", more: "annotations: { readOnlyHint: true }"),
            Yaml.Document("ToolSet", "name: pets, namespace: acme", $"{{ source: {{ inline: {description} }} }}"),
            Yaml.Document("LlmProvider", "name: mistral, namespace: acme", $"{{ type: mistral, baseUrl: '{_upstream.Url}v1', auth: {{ secretRef: {{ name: crm, key: key }} }} }}"),
            Yaml.Document("LlmRoute", "name: smart, namespace: acme", "{ targets: [{ provider: mistral, model: m }] }"),
            Yaml.Document("Plan", "name: basic, namespace: acme", "{ requiresApproval: true }"),
            Yaml.Document("Subscription", "name: basic, namespace: acme", "{ consumer: idle, plan: basic }")));
        using var app = gateway.ClientFor(await gateway.IssueKeyAsync("acme", "app"));
        using var called = await app.PostAsync("/mcp/v1/tools/hello/invoke", new StringContent("{}"), Ct);
        called.EnsureSuccessStatusCode();
        _usual["record"] = (await AuditTrail.ReadAsync(_ports.AuditAppend, Ct)).Of("intent").Single(r => r.Text("target") == "hello").Text("id")!;
    }

    private async Task<string> NewKeyAsync()
    {
        var issued = await _gateway.Admin.PostAsync("/manage/v1/consumers/acme/app/keys");
        return issued.Body.GetProperty("id").GetString()!;
    }

    private Task<HttpResponseMessage> SendAsync(HttpClient client, Route route, string values, string query, string? body, string type)
    {
        var path = new StringBuilder(route.Path).Replace("{*", "{");
        foreach (var (name, value) in values.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(v => (v.Split('=')[0], v.Split('=')[1])).Concat(_usual.Select(v => (v.Key, v.Value))))
        {
            path.Replace($"{{{name}}}", value);
        }

        var request = new HttpRequestMessage(new HttpMethod(route.Method), $"{path}?{query.TrimStart('&')}");
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, type);
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        return client.SendAsync(request, Ct);
    }

    // What was buffered may follow its answer.
    private async Task CheckAsync(string route, string what, HttpResponseMessage answer, List<string> faults)
    {
        var trace = answer.Headers.GetValues("x-stoa-trace-id").Single();
        IReadOnlyList<JsonElement> records = [];
        await Eventually.TrueAsync(
            async () => (records = (await AuditTrail.ReadAsync(_ports.AuditAppend, Ct)).OfTrace(trace)).Count > 0 && records[^1].Text("type") is "event" or "outcome",
            TimeSpan.FromSeconds(60),
            $"{route}: {what}: how it ended with {(int)answer.StatusCode} is on record");
        var outcome = records[^1].Text("outcome");
        if (answer.IsSuccessStatusCode != (outcome is "ok"))
        {
            faults.Add($"{route}: {what}: {(int)answer.StatusCode} is on record as {outcome} ({records.Count} records).");
        }
    }

    /// <param name="Values">Of the path, as a query.</param>
    private sealed record Right(string Values = "", string Query = "", string? Body = null, string Type = "application/json");
}
