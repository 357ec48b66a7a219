using System.Text;
using Stoa.Gateway;

namespace Stoa.Testing.Llm;

/// <summary>
/// A gateway with a tenant <c>models</c> and a scripted provider of every shape, each serving one model under the same name on both sides,
/// for example <c>mistral-model</c>, at a dollar per million tokens in and two out.
/// </summary>
internal sealed class LlmWorld : IAsyncDisposable
{
    public const string Tenant = "models";

    private readonly Dictionary<LlmShape, LlmUpstream> _providers;

    private LlmWorld(TestGateway gateway, Dictionary<LlmShape, LlmUpstream> providers) => (Gateway, _providers) = (gateway, providers);

    public static IReadOnlyList<LlmShape> Shapes { get; } = Enum.GetValues<LlmShape>();

    public TestGateway Gateway { get; }

    /// <summary>A key of the consumer <c>app</c>.</summary>
    public string Key { get; private set; } = "";

    /// <summary>Carries <see cref="Key"/>.</summary>
    public HttpClient Client { get; private set; } = null!;

    public LlmUpstream this[LlmShape shape] => _providers[shape];

    public static string ModelOf(LlmShape shape) => $"{shape.ToString().ToLowerInvariant()}-model";

    /// <param name="script">What the models say; <see cref="LlmScript.Sensible"/> when left out.</param>
    /// <param name="provider">More lines of every provider's spec, for example <c>onDisconnect: drain</c>.</param>
    /// <param name="route">More lines of every route's spec.</param>
    /// <param name="withBreaker">Whether failures of one test may keep the next from its provider.</param>
    public static async Task<LlmWorld> StartAsync(Func<LlmAsk, LlmTurn>? script = null, string provider = "", string route = "retry: { attempts: 1 }", bool withBreaker = false, GatewayPorts? ports = null, IReadOnlyDictionary<string, string?>? settings = null, TimeProvider? time = null)
    {
        Dictionary<LlmShape, LlmUpstream> providers = [];
        foreach (var shape in Shapes)
        {
            providers[shape] = await LlmUpstream.StartAsync(shape, script);
        }

        var world = new LlmWorld(await TestGateway.StartAsync(settings, ports, time), providers);
        await world.Gateway.ApplyAsync(Yaml(providers.Values, provider, route, withBreaker));
        world.Key = await world.Gateway.IssueKeyAsync(Tenant, "app");
        world.Client = world.Gateway.ClientFor(world.Key);
        return world;
    }

    public Task<HttpResponseMessage> PostAsync(string path, string json, CancellationToken ct = default) =>
        Client.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"), ct);

    /// <summary>Sends and returns with the head of the answer.</summary>
    public Task<HttpResponseMessage> OpenAsync(string path, string json, CancellationToken ct) => Client.SendAsync(
        new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") }, HttpCompletionOption.ResponseHeadersRead, ct);

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        foreach (var provider in _providers.Values)
        {
            await provider.DisposeAsync();
        }
    }

    private static string Yaml(IEnumerable<LlmUpstream> providers, string provider, string route, bool withBreaker)
    {
        var yaml = new StringBuilder($$"""
            apiVersion: gostoa.dev/v1alpha1
            kind: Tenant
            metadata: { name: {{Tenant}} }
            spec: {}
            ---
            apiVersion: gostoa.dev/v1alpha1
            kind: Consumer
            metadata: { name: app, namespace: {{Tenant}} }
            spec: {}
            ---

            """);
        foreach (var upstream in providers)
        {
            yaml.Append(upstream.Yaml(Tenant, $"prices: [{{ model: '{upstream.Name}-*', input: 1, output: 2 }}]\n  circuitBreaker: {{ enabled: {(withBreaker ? "true" : "false")} }}\n  {provider}"));
            yaml.Append($$"""
                apiVersion: gostoa.dev/v1alpha1
                kind: LlmRoute
                metadata: { name: {{upstream.Name}}-model, namespace: {{Tenant}} }
                spec:
                  targets: [{ provider: {{upstream.Name}} }]
                  {{route}}
                ---

                """);
        }

        return yaml.ToString();
    }
}
