using System.Text;
using Stoa.Conformance.Tests;
using Stoa.Testing;

[assembly: AssemblyFixture(typeof(ConformanceGateway))]

namespace Stoa.Conformance.Tests;

/// <summary>
/// One gateway for all tests of this project, with two tenants: the official suite's, whose tools it asks for by name, and the official
/// clients', whose list of tools takes several pages.
/// </summary>
public sealed class ConformanceGateway : IAsyncLifetime
{
    /// <summary>Of the clients' tenant.</summary>
    internal const int ToolCount = 250;

    private const string Clients = "clients";

    private TestGateway _gateway = null!;
    private AuthForwarder _forwarder = null!;

    internal FixtureUpstream Upstream { get; private set; } = null!;

    internal OfficialSuite Suite { get; private set; } = null!;

    /// <summary>Where MCP is served to whoever sends a key.</summary>
    internal Uri Url => new(_gateway.Url, "mcp");

    public async ValueTask InitializeAsync()
    {
        Upstream = await FixtureUpstream.StartAsync();
        _gateway = await TestGateway.StartAsync();
        var fixtures = await File.ReadAllTextAsync(Repository.PathOf("tests", "Stoa.Conformance.Tests", "suite", "fixtures.yaml"));
        await _gateway.ApplyAsync(fixtures.Replace("http://upstream/", Upstream.Url.ToString(), StringComparison.Ordinal));
        await _gateway.ApplyAsync(ClientsYaml());
        _forwarder = new AuthForwarder(_gateway.Url, await _gateway.IssueKeyAsync("conformance", "suite"));
        Suite = new OfficialSuite(new Uri(_forwarder.Url, "mcp"));
    }

    public async ValueTask DisposeAsync()
    {
        await _forwarder.DisposeAsync();
        await _gateway.DisposeAsync();
        await Upstream.DisposeAsync();
    }

    /// <summary>A key of its own for every client, as clients of one key share the space of request ids.</summary>
    internal Task<string> IssueClientKeyAsync() => _gateway.IssueKeyAsync(Clients, "client");

    private string ClientsYaml()
    {
        var yaml = new StringBuilder($$"""
            apiVersion: gostoa.dev/v1alpha1
            kind: Tenant
            metadata: { name: {{Clients}} }
            spec: {}
            ---
            apiVersion: gostoa.dev/v1alpha1
            kind: Consumer
            metadata: { name: client, namespace: {{Clients}} }
            spec: {}

            """);
        AddTool(
            yaml,
            "get_weather",
            "weather",
            "{ type: object, required: [city], properties: { city: { type: string } } }",
            "outputSchema: { type: object, required: [city, degrees], properties: { city: { type: string }, degrees: { type: integer } } }");
        AddTool(
            yaml,
            "find_orders",
            "echo",
            "{ type: object, required: [region], properties: { region: { type: string, x-mcp-header: Region }, limit: { type: integer } } }");
        const string Run = "{ type: object, required: [run], properties: { run: { type: string } } }";
        AddTool(yaml, "hang", "hang", Run);
        AddTool(yaml, "hold", "hold", Run);
        AddTool(yaml, "release", "release", Run);
        for (var n = 5; n < ToolCount; n++)
        {
            AddTool(yaml, $"tool_{n:000}", "echo", "{ type: object }");
        }

        return yaml.ToString();
    }

    private void AddTool(StringBuilder yaml, string name, string path, string input, string more = "") => yaml.Append($$"""
        ---
        apiVersion: gostoa.dev/v1alpha1
        kind: Tool
        metadata: { name: {{name}}, namespace: {{Clients}} }
        spec:
          description: Stands for a tool.
          endpoint: {{Upstream.Url}}{{path}}
          inputSchema: {{input}}
          annotations: { readOnly: true }
          {{more}}

        """);
}
