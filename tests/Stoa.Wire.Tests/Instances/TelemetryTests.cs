using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Stoa.Testing;

namespace Stoa.Wire.Tests.Instances;

/// <summary>A real process, told where a collector is, sends it traces and metrics under the conventions' names.</summary>
public sealed class TelemetryTests
{
    [Fact]
    public async Task Traces_and_metrics_reach_an_otlp_collector()
    {
        await using var collector = await ScriptedUpstream.StartAsync(exchange => exchange.AnswerJsonAsync("{}"));
        await using var upstream = await ScriptedUpstream.StartAsync(exchange => exchange.AnswerJsonAsync("""{"ok":true}"""));
        using var data = new DataPath();
        await using var gateway = await GatewayProcess.StartAsync(new Dictionary<string, string>
        {
            ["Stoa__DataPath"] = data.Path,
            ["Stoa__AdminKey"] = TestGateway.AdminKey,
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Url.ToString(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
        });
        using var admin = gateway.ClientFor(TestGateway.AdminKey);
        using var applied = await admin.PostAsync("/manage/v1/apply", new StringContent(Resources(upstream.Port), Encoding.UTF8, "application/yaml"));
        applied.EnsureSuccessStatusCode();
        using var issued = await admin.PostAsync("/manage/v1/consumers/acme/agent/keys", null);
        var key = (await issued.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("key").GetString()!;

        using var agent = gateway.ClientFor(key);
        using var answer = await agent.PostAsync("/mcp/v1/tools/look_up/invoke", new StringContent("{}", Encoding.UTF8, "application/json"));
        answer.EnsureSuccessStatusCode();

        await Eventually.TrueAsync(
            () => Task.FromResult(Sent(collector, "/v1/traces", "tools/call look_up", "gen_ai.tool.name", "server.address") && Sent(collector, "/v1/metrics", "mcp.server.operation.duration")),
            TimeSpan.FromSeconds(60),
            "the spans and the measurement of the call arrive");
        var traceId = answer.Headers.GetValues("x-stoa-trace-id").Single();
        Assert.Contains(traceId, upstream.Requests.Single().Header("traceparent"), StringComparison.Ordinal);
        Assert.DoesNotContain(collector.Requests, r => Encoding.Latin1.GetString(r.Body.Span).Contains(key, StringComparison.Ordinal));
    }

    private static bool Sent(ScriptedUpstream collector, string path, params string[] texts) =>
        texts.All(text => collector.Requests.Any(r => r.Target == path && Encoding.Latin1.GetString(r.Body.Span).Contains(text, StringComparison.Ordinal)));

    private static string Resources(int port) =>
        $$"""
        apiVersion: gostoa.dev/v1alpha1
        kind: Tenant
        metadata: { name: acme }
        ---
        apiVersion: gostoa.dev/v1alpha1
        kind: Consumer
        metadata: { name: agent, namespace: acme }
        ---
        apiVersion: gostoa.dev/v1alpha1
        kind: Tool
        metadata: { name: look_up, namespace: acme }
        spec:
          description: Looks something up.
          endpoint: http://127.0.0.1:{{port}}/things
        """;
}
