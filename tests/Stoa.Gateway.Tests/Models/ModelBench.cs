using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Text;
using Microsoft.Extensions.Logging;
using Stoa.Gateway.Egress;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Keys;
using Stoa.Gateway.Models;
using Stoa.Gateway.Models.Prices;
using Stoa.Gateway.Models.Requests;
using Stoa.Gateway.Models.Routing;
using Stoa.Gateway.Models.Upstream;
using Stoa.Gateway.Models.Usage;
using Stoa.Gateway.Secrets;
using Stoa.Gateway.Tests.Config;
using Stoa.Gateway.Tests.Keys;
using Stoa.Gateway.Tests.Resources;
using Stoa.Testing;

namespace Stoa.Gateway.Tests.Models;

/// <summary>
/// The way from a model's name to an answer, over real sockets: gate and terminal as the gateway puts them together. Its clock stands still,
/// but the sockets' deadlines do not unless they have a clock of their own; its chance is seeded.
/// </summary>
internal sealed class ModelBench : IAsyncDisposable
{
    /// <summary>The provider's key; in every provider of the bench it is the Secret <c>s</c>, key <c>k</c>.</summary>
    public const string Key = "provider-key-0123456789";

    public const string ChatAnswer = """
        {"id":"c1","object":"chat.completion","model":"m-2026","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1000,"completion_tokens":100,"total_tokens":1100}}
        """;

    private readonly EgressClient _egress;
    private readonly SecretVault _vault;
    private readonly ModelGate _gate;
    private readonly ModelTerminal _terminal;
    private readonly List<ScriptedUpstream> _upstreams = [];
    private Revision? _revision;

    /// <param name="sockets">The clock of the sockets' deadlines, where it decides what a test sees.</param>
    public ModelBench(int seed = 1, Random? random = null, PriceBook? prices = null, TimeProvider? sockets = null)
    {
        random ??= new Random(seed);
        _egress = new(new EgressSettings { AllowLoopback = true }, sockets ?? TimeProvider.System, new Lines<EgressClient>(Log));
        _vault = new(new Sealer(new KeyBench().Join()), new VaultReferences(null, Time));
        Health = new(Time);
        Prices = prices ?? new(PriceTable.Shipped);
        var calibration = new Calibration();
        _gate = new(Prices, Health, calibration, Time, random);
        Credentials = new(_vault, ct => new(new Secret("identity-token")), new Lines<ProviderCredentials>(Log));
        var targets = new TargetCaller(_egress, Credentials, Health, Time, new NoWait(), new Lines<TargetCaller>(Log));
        _terminal = new(targets, new(calibration, Health, static (_, _, _) => new(false), Time), Time);
        Probe = new(_egress, Credentials, Time);
    }

    public FakeTime Time { get; } = new();

    public HealthBoard Health { get; }

    public PriceBook Prices { get; }

    public ProviderCredentials Credentials { get; }

    public ProviderProbe Probe { get; }

    /// <summary>Everything that was logged, at every level.</summary>
    public ConcurrentQueue<string> Log { get; } = new();

    public Revision Revision => _revision ?? throw new InvalidOperationException("Apply first.");

    /// <summary>Where the stream of the newest call went.</summary>
    public MemoryStream Reply { get; private set; } = new();

    public NameFilter Allowed { get; set; } = NameFilter.All;

    public async Task<ScriptedUpstream> UpstreamAsync(Func<ScriptedExchange, Task>? script = null)
    {
        var upstream = await ScriptedUpstream.StartAsync(script ?? (static exchange => exchange.AnswerJsonAsync(ChatAnswer)));
        _upstreams.Add(upstream);
        return upstream;
    }

    /// <summary>Puts documents in force, each a kind, a name and the spec in YAML, one line.</summary>
    public async Task ApplyAsync(params (string Kind, string Name, string Spec)[] documents)
    {
        var sealedKey = await _vault.SealAsync(ConfigBench.Acme, "u1", "k", new Secret(Key), CancellationToken.None);
        var secret = new StoredSecret(null, new Dictionary<string, string> { ["k"] = sealedKey }, new Dictionary<string, string>());
        _revision = new(ConfigBench.Acme, 1, "t1",
        [
            ConfigBench.Resource("Tenant", "acme", """{"suspended":false,"allowedOrigins":[]}"""),
            ConfigBench.Resource("Secret", "s", Encoding.UTF8.GetString(secret.ToJson().Span)),
            .. documents.Select(d => ConfigBench.Resource(d.Kind, d.Name, Reading.Spec($"apiVersion: gostoa.dev/v1alpha1\nkind: {d.Kind}\nmetadata: {{ name: {d.Name} }}\nspec: {d.Spec}\n"))),
        ]);
    }

    /// <summary>A provider that speaks chat completions, with the bench's key.</summary>
    public static (string Kind, string Name, string Spec) Provider(string name, ScriptedUpstream upstream, string more = "") =>
        ("LlmProvider", name, $"{{ type: openai-compatible, baseUrl: '{upstream.Url}v1', auth: {{ secretRef: {{ name: s, key: k }} }}, prices: [{{ model: '*', input: 1, output: 2 }}]{(more.Length > 0 ? ", " + more : "")} }}");

    public static (string Kind, string Name, string Spec) Route(string name, string targets, string more = "") =>
        ("LlmRoute", name, $"{{ targets: [{targets}], retry: {{ attempts: 1 }}{(more.Length > 0 ? ", " + more : "")} }}");

    public ModelCall Call(
        string model = "smart", Wire wire = Wire.Chat, string? body = null, string consumer = "bot", Operation operation = Operation.CallModel, params (string Name, string Value)[] headers)
    {
        body ??= wire switch
        {
            Wire.Messages => $$"""{"model":"{{model}}","max_tokens":50,"messages":[{"role":"user","content":"Hello"}]}""",
            Wire.Responses => $$"""{"model":"{{model}}","input":"Hello"}""",
            Wire.Embeddings => $$"""{"model":"{{model}}","input":"Hello"}""",
            _ => $$"""{"model":"{{model}}","messages":[{"role":"user","content":"Hello"}],"x_unknown":[1, 2]}""",
        };
        var (request, refusal, _) = ModelRequestReader.Read(wire, Encoding.UTF8.GetBytes(body), pathModel: null);
        Assert.True(request is not null, refusal?.Message);
        var caller = new Caller
        {
            Revision = Revision,
            Name = consumer,
            CredentialId = "key-1",
            AuthMethod = "api_key",
            Scopes = Scopes.Read,
            Role = Role.None,
            Tools = NameFilter.All,
            Models = Allowed,
        };
        var reply = Reply = new MemoryStream();
        return new(caller, operation, "openai", request, new ModelReply(PipeWriter.Create(reply, new(leaveOpen: true)), static () => { }))
        {
            Header = name => headers.FirstOrDefault(h => h.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value,
            TargetName = model,
        };
    }

    public Task<Refusal?> ResolveAsync(ModelCall call) => _gate.ResolveAsync(call, CancellationToken.None).AsTask();

    /// <summary>Through the gate, which must not refuse, to the end.</summary>
    public async Task<Answer> RunAsync(ModelCall call, CancellationToken ct = default)
    {
        Assert.Null(await ResolveAsync(call));
        return await _terminal.RunAsync(call, ct);
    }

    /// <summary>The same; what the caller is told.</summary>
    public async Task<(ModelCall Call, string Text)> AskAsync(ModelCall? call = null)
    {
        call ??= Call();
        using var answer = await RunAsync(call);
        return (call, Encoding.UTF8.GetString(answer.Body.Span));
    }

    public async ValueTask DisposeAsync()
    {
        _egress.Dispose();
        foreach (var upstream in _upstreams)
        {
            await upstream.DisposeAsync();
        }
    }

    /// <summary>Backs off for no time at all.</summary>
    private sealed class NoWait : Random
    {
        public override double NextDouble() => 0;
    }

    private sealed class Lines<T>(ConcurrentQueue<string> lines) : ILogger<T>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{logLevel} {eventId.Id} {formatter(state, exception)} {exception}");
    }
}
