using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Stoa.Testing;
using Stoa.Testing.FunctionsHost;
using Stoa.Wire.Tests.FunctionsHost;

[assembly: AssemblyFixture(typeof(PublishedApp))]

namespace Stoa.Wire.Tests.FunctionsHost;

/// <summary>The published binary under the stand-in host, in embedded mode over a folder of its own, with one tenant and a tool that calls a scripted upstream.</summary>
public sealed class HostedGateway(PublishedApp app) : IAsyncLifetime
{
    public const string PublicUrl = "https://gateway.example";

    private readonly string _data = Directory.CreateTempSubdirectory("stoa-hosted-").FullName;
    private readonly List<HttpClient> _clients = [];

    internal StandInHost Host { get; private set; } = null!;

    internal ScriptedUpstream Upstream { get; private set; } = null!;

    /// <summary>What the tool's endpoint does with its n-th request; set it before calling.</summary>
    public Func<ScriptedExchange, Task> Script { get; set; } = exchange => exchange.AnswerJsonAsync("""{"ok":true}""");

    public HttpClient Admin { get; private set; } = null!;

    public HttpClient Agent { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Upstream = await ScriptedUpstream.StartAsync(exchange => Script(exchange));
        Host = await StandInHost.StartAsync(
            await app.FolderAsync(),
            new Dictionary<string, string?>
            {
                ["Stoa__DataPath"] = _data,
                ["Stoa__AdminKey"] = TestGateway.AdminKey,
                ["Stoa__PublicUrl"] = PublicUrl,
                ["Stoa__AuditPatienceSeconds"] = "30",
                ["WEBSITE_INSTANCE_ID"] = null,
            },
            TestContext.Current.CancellationToken);
        Admin = ClientFor(TestGateway.AdminKey);
        await ApplyAsync();
        Agent = ClientFor(await IssueKeyAsync("{}"));
    }

    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(c => c.Dispose());
        if (Host is not null)
        {
            await Host.DisposeAsync();
        }

        await Upstream.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    /// <summary>A client with this credential, on the public side; from another loopback address if one is given.</summary>
    public HttpClient ClientFor(string? key, IPAddress? from = null)
    {
        var client = new HttpClient(new SocketsHttpHandler { ConnectCallback = (context, ct) => ConnectAsync(context.DnsEndPoint, from ?? IPAddress.Loopback, ct) })
        {
            BaseAddress = Host.Url,
        };
        client.DefaultRequestHeaders.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        _clients.Add(client);
        return client;
    }

    public async Task<string> IssueKeyAsync(string request)
    {
        using var response = await Admin.PostAsync("/manage/v1/consumers/acme/agent/keys", Json(request), TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
        var body = await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        return body.GetProperty("key").GetString()!;
    }

    /// <summary>A call of the tool <c>slow</c> in the modern revision, asking for progress, which comes where a stream is accepted.</summary>
    public static HttpRequestMessage CallSlow(string accept = "application/json, text/event-stream") => new(HttpMethod.Post, "/mcp")
    {
        Headers =
        {
            { "Accept", accept },
            { "MCP-Protocol-Version", "2026-07-28" },
            { "Mcp-Method", "tools/call" },
            { "Mcp-Name", "slow" },
        },
        Content = Json("""
            {"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"slow","arguments":{},"_meta":{"progressToken":"p1",
             "io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}
            """),
    };

    public static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    private async Task ApplyAsync()
    {
        var yaml = $$"""
            apiVersion: gostoa.dev/v1alpha1
            kind: Tenant
            metadata: { name: acme }
            spec: {}
            ---
            apiVersion: gostoa.dev/v1alpha1
            kind: Consumer
            metadata: { name: agent, namespace: acme }
            spec: { scopes: [stoa:write] }
            ---
            apiVersion: gostoa.dev/v1alpha1
            kind: Tool
            metadata: { name: slow, namespace: acme }
            spec:
              description: Answers when the test lets it.
              method: GET
              endpoint: {{Upstream.Url}}slow
            """;
        using var response = await Admin.PostAsync("/manage/v1/apply", new StringContent(yaml, Encoding.UTF8, "application/yaml"), TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint to, IPAddress from, CancellationToken ct)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Bind(new IPEndPoint(from, 0));
        await socket.ConnectAsync(IPAddress.Loopback, to.Port, ct);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
