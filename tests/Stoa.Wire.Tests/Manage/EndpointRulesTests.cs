using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Stoa.Testing;

namespace Stoa.Wire.Tests.Manage;

/// <summary>What a tool's author and its callers may not do with its URL.</summary>
public sealed class EndpointRulesTests
{
    [Theory]
    [InlineData("http://127.0.0.1:9999/é")]
    [InlineData("http://127.0.0.1:9999/?q=日本")]
    [InlineData("http://127.0.0.1:9999/\u00a0")]
    public async Task An_endpoint_outside_of_visible_ascii_is_refused_where_it_stands(string endpoint)
    {
        await using var gateway = await TestGateway.StartAsync();

        var fault = (await ApplyAsync(gateway, Resources(endpoint, "GET", "{type: object}"))).GetProperty("results")[2].GetProperty("faults")[0];

        Assert.Equal("spec.endpoint", fault.GetProperty("path").GetString());
        Assert.Contains("percent-encode", fault.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_argument_that_the_endpoint_fixes_is_refused_when_declared()
    {
        await using var gateway = await TestGateway.StartAsync();

        var report = await ApplyAsync(gateway, Resources("http://127.0.0.1:9999/?account=42", "GET", "{type: object, properties: {Account: {type: string}}}"));

        Assert.Equal("spec.inputSchema.properties.Account", report.GetProperty("results")[2].GetProperty("faults")[0].GetProperty("path").GetString());
    }

    [Fact]
    public async Task An_undeclared_argument_cannot_override_what_the_endpoint_fixes()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(exchange => exchange.AnswerJsonAsync("{}"));
        await using var gateway = await TestGateway.StartAsync();
        await gateway.ApplyAsync(Resources($"http://127.0.0.1:{upstream.Port}/?account=42", "GET", "{type: object}"));
        var client = gateway.ClientFor(await gateway.IssueKeyAsync("acme", "agent"));

        using var response = await client.PostAsync("/mcp/v1/tools/t/invoke", new StringContent("""{"arguments":{"ACCOUNT":"99"}}""", Encoding.UTF8, "application/json"));
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(answer.GetProperty("isError").GetBoolean());
        Assert.Equal("/ACCOUNT is set by the tool itself and cannot be an argument.", answer.GetProperty("result").GetString());
        Assert.Empty(upstream.Requests);
    }

    private static async Task<JsonElement> ApplyAsync(TestGateway gateway, string yaml)
    {
        using var response = await gateway.Admin.PostAsync("/manage/v1/apply", new StringContent(yaml, Encoding.UTF8, "application/yaml"));
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static string Resources(string endpoint, string method, string inputSchema) =>
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
        metadata: { name: t, namespace: acme }
        spec:
          description: A tool.
          endpoint: "{{endpoint}}"
          method: {{method}}
          inputSchema: {{inputSchema}}
        """;
}
