using System.Text;
using Microsoft.Extensions.Logging;
using Stoa.Gateway;
using Stoa.Testing;

namespace Stoa.Wire.Tests.Mcp;

/// <summary>
/// A gateway with the tenants <c>acme</c> and <c>other</c>, their keys, and one upstream that does what the test at hand says. Tests of a
/// class share a world and give their tools names of their own.
/// </summary>
public sealed class World : IAsyncLifetime
{
    private readonly List<HttpClient> _clients = [];
    private readonly List<string> _keys = [];
    private Func<ScriptedExchange, Task> _script = Given.Ok;

    internal Secrecy Secrecy { get; } = new();

    internal TestGateway Gateway { get; private set; } = null!;

    internal ScriptedUpstream Upstream { get; private set; } = null!;

    /// <summary>May read and write.</summary>
    internal string Key { get; private set; } = "";

    /// <summary>May only read.</summary>
    internal string ReaderKey { get; private set; } = "";

    /// <summary>Belongs to the other tenant.</summary>
    internal string OtherKey { get; private set; } = "";

    public ValueTask InitializeAsync() => new(BeginAsync(null, null, null, null));

    internal static async Task<World> StartAsync(string? setting = null, string? value = null, TimeProvider? time = null, GatewayPorts? ports = null)
    {
        var world = new World();
        await world.BeginAsync(setting is null ? null : new Dictionary<string, string?> { [setting] = value }, ports, time, log: null);
        return world;
    }

    internal static async Task<World> StartAsync(IReadOnlyDictionary<string, string?> settings, GatewayPorts ports, ILoggerProvider log)
    {
        var world = new World();
        await world.BeginAsync(settings, ports, time: null, log);
        return world;
    }

    /// <summary>What the upstream answers from now on.</summary>
    internal void UpstreamAnswers(Func<ScriptedExchange, Task> script) => _script = script;

    internal void UpstreamAnswers(int status, string contentType, string body, params string[] headerLines) =>
        _script = exchange => exchange.AnswerAsync(status, contentType, body, headerLines);

    internal Task ApplyAsync(params string[] documents) => Gateway.ApplyAsync(string.Join("---\n", documents));

    /// <summary>A tool that leads to <c>/{name}</c> of the upstream unless it says otherwise; <paramref name="spec"/> is the rest of its spec.</summary>
    internal Task ToolAsync(string name, string spec = "", string? path = null, string tenant = "acme") =>
        ApplyAsync(Given.Tool(name, $"{Upstream.Url}{path ?? name}", spec, tenant));

    /// <summary>A client with the writer's key, unless another is given; null for none.</summary>
    internal Agent Agent(string revision, string? key = "", string url = "/mcp") => new(Client(key == "" ? Key : key), revision, Secrecy) { Url = url };

    internal Agent Modern(string? key = "") => Agent(Revision.Modern, key);

    internal async Task<string> IssueKeyAsync(string consumer, string? request = null, string tenant = "acme")
    {
        var key = Secrecy.Never(await Gateway.IssueKeyAsync(tenant, consumer, request));
        _keys.Add(key);
        return key;
    }

    internal HttpClient Client(string? key)
    {
        // A client that leaves leaves at once, without waiting for the rest of its answer.
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            MaxResponseDrainSize = 0,
            RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
        };
        var client = new HttpClient(handler) { BaseAddress = Gateway.Url };
        if (key is not null)
        {
            client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Bearer " + key);
        }

        _clients.Add(client);
        return client;
    }

    /// <summary>The plain REST door.</summary>
    internal async Task<Reply> RestAsync(HttpMethod method, string url, string? body = null, string? key = "")
    {
        var agent = new Agent(Client(key == "" ? Key : key), Revision.Modern, Secrecy);
        using var request = new HttpRequestMessage(method, url) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        return await agent.SendAsync(request);
    }

    internal Task<Reply> InvokeAsync(string tool, string arguments = "{}", string? key = "") =>
        RestAsync(HttpMethod.Post, $"/mcp/v1/tools/{Uri.EscapeDataString(tool)}/invoke", $"{{\"arguments\":{arguments}}}", key);

    public async ValueTask DisposeAsync()
    {
        AssertNoKeyWentUpstream();
        _clients.ForEach(c => c.Dispose());
        await Gateway.DisposeAsync();
        await Upstream.DisposeAsync();
    }

    /// <summary>Over everything that the upstream ever received: no key of a caller, no header of MCP.</summary>
    internal void AssertNoKeyWentUpstream()
    {
        foreach (var request in Upstream.Requests)
        {
            var all = $"{request.Target}\n{string.Join('\n', request.HeaderLines)}\n{request.BodyText}";
            Assert.All(_keys, key => Assert.DoesNotContain(key, all, StringComparison.Ordinal));
            Assert.DoesNotContain(request.HeaderLines, line => line.StartsWith("mcp-", StringComparison.OrdinalIgnoreCase));
        }
    }

    private async Task BeginAsync(IReadOnlyDictionary<string, string?>? settings, GatewayPorts? ports, TimeProvider? time, ILoggerProvider? log)
    {
        Upstream = await ScriptedUpstream.StartAsync(exchange => _script(exchange));
        Gateway = await TestGateway.StartAsync(settings, ports, time, log);
        Secrecy.Never(TestGateway.AdminKey);
        Secrecy.NeverInErrors(Upstream.EndPoint.ToString());
        await ApplyAsync(
            Given.Tenant("acme"), Given.Consumer("agent", "scopes: [stoa:write]"), Given.Consumer("reader"),
            Given.Tenant("other"), Given.Consumer("agent", "scopes: [stoa:write]", "other"));
        Key = await IssueKeyAsync("agent");
        ReaderKey = await IssueKeyAsync("reader");
        OtherKey = await IssueKeyAsync("agent", tenant: "other");
    }
}
