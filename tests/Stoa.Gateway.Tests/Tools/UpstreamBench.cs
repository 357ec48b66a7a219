using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Stoa.Gateway.Egress;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Keys;
using Stoa.Gateway.Secrets;
using Stoa.Gateway.Tests.Config;
using Stoa.Gateway.Tests.Keys;
using Stoa.Gateway.Tests.Resources;
using Stoa.Gateway.Tools;
using Stoa.Gateway.Tools.Credentials;
using Stoa.Gateway.Tools.Requests;
using Stoa.Gateway.Tools.Resilience;
using Stoa.Gateway.Tools.Trials;
using Stoa.Testing;

namespace Stoa.Gateway.Tests.Tools;

/// <summary>
/// The way from a tool to its endpoint, over real sockets. Its clock stands still, but the sockets' deadlines do not unless they have a clock of
/// their own; its chance always says the same.
/// </summary>
internal sealed class UpstreamBench : IAsyncDisposable
{
    private static readonly JsonElement NoArguments = JsonElement.Parse("{}");

    private readonly EgressClient _egress;
    private readonly SecretVault _vault;
    private Func<ScriptedExchange, Task> _script;

    private UpstreamBench(double chance, TimeProvider sockets)
    {
        _script = exchange => exchange.AnswerJsonAsync("{}");
        _egress = new(new EgressSettings { AllowLoopback = true }, sockets, new Lines<EgressClient>(Log));
        _vault = new(new Sealer(new KeyBench().Join()), new VaultReferences(null, Time));
        Tokens = new(new TokenEndpoint(_egress, new Lines<TokenEndpoint>(Log)), Time);
        Certificates = new(_egress, Time);
        Breakers = new(Time);
        Sender = new(_egress, new ToolCredentials(_vault, Tokens, Certificates, new Lines<ToolCredentials>(Log)), Breakers, Time, new FixedChance(chance), new Lines<ToolUpstream>(Log));
    }

    public FakeTime Time { get; } = new();

    public ScriptedUpstream Upstream { get; private set; } = null!;

    public AccessTokens Tokens { get; }

    public ClientCertificates Certificates { get; }

    public Breakers Breakers { get; }

    public ToolUpstream Sender { get; }

    /// <summary>Everything that was logged, at every level.</summary>
    public ConcurrentQueue<string> Log { get; } = new();

    /// <summary>Requests to the endpoint, those to <c>/token</c> left out.</summary>
    public int Calls => Upstream.Requests.Count(r => r.Target != "/token");

    public int TokenCalls => Upstream.Requests.Count(r => r.Target == "/token");

    /// <param name="chance">What every throw of the dice yields; 0 makes back-off take no time.</param>
    /// <param name="sockets">The clock of the sockets' deadlines, where it decides what a test sees.</param>
    public static async Task<UpstreamBench> StartAsync(double chance = 0, TimeProvider? sockets = null)
    {
        var bench = new UpstreamBench(chance, sockets ?? TimeProvider.System);
        bench.Upstream = await ScriptedUpstream.StartAsync(exchange => bench._script(exchange));
        return bench;
    }

    public void Answers(Func<ScriptedExchange, Task> script) => _script = script;

    public void Answers(int status, params string[] headerLines) => _script = exchange => exchange.AnswerAsync(status, "application/json", "{}", headerLines);

    /// <summary>One status after the other; the last stays.</summary>
    public void AnswersInTurn(params int[] statuses)
    {
        var turn = -1;
        _script = exchange => exchange.AnswerAsync(statuses[Math.Min(Interlocked.Increment(ref turn), statuses.Length - 1)], "application/json", "{}");
    }

    /// <summary>A tool that leads to the upstream's <c>/api</c>; secrets are named <c>s</c>, by key.</summary>
    /// <param name="spec">Lines of YAML; <c>TOKEN</c> in them is the URL of <c>/token</c>.</param>
    public async Task<Tool> ToolAsync(string[] spec, string tenant = "acme", string uid = "t1", string name = "echo", params (string Key, string Value)[] secrets)
    {
        var id = ConfigBench.Tenant(tenant);
        var values = new Dictionary<string, string>();
        foreach (var (key, value) in secrets)
        {
            values[key] = await _vault.SealAsync(id, "u1", key, new Secret(value), CancellationToken.None);
        }

        var yaml = Reading.Tool([.. spec.Select(line => line.Replace("TOKEN", $"{Upstream.Url}token", StringComparison.Ordinal))])
            .Replace("https://api.example.com/echo", $"{Upstream.Url}api", StringComparison.Ordinal);
        var stored = new StoredSecret(null, values, new Dictionary<string, string>());
        var revision = new Revision(id, 1, uid,
        [
            ConfigBench.Resource("Tool", name, Reading.Spec(yaml)), ConfigBench.Resource("Secret", "s", Encoding.UTF8.GetString(stored.ToJson().Span)),
        ]);
        return ToolCatalog.Of(revision).Find(name)!;
    }

    /// <summary>Notes each attempt of the call that it goes with.</summary>
    public ToolTrial NewTrial() => new(new SecretMask(), sends: true, sample: null, Time);

    /// <summary>The status, or the fault in words.</summary>
    public async Task<string> CallAsync(Tool tool, ToolTrial? trial = null, CancellationToken ct = default)
    {
        var result = await Sender.SendAsync(new ToolRequest(tool, NoArguments) { Trial = trial }, tool.Spec.Timeout, ct);
        using var reply = result.Reply;
        return reply is not null ? reply.Status.ToString(System.Globalization.CultureInfo.InvariantCulture) : result.Fault;
    }

    /// <summary>Lets the call wait as long as it wants to, once it waits.</summary>
    public async Task PassAsync(TimeSpan time)
    {
        await WaitBeginsAsync();
        Time.Advance(time);
    }

    /// <summary>Completes once the call waits.</summary>
    public Task WaitBeginsAsync() => Eventually.TrueAsync(() => Task.FromResult(Time.Timers > 0), TimeSpan.FromMinutes(1), "a wait begins");

    public void AssertNowhereLogged(string secret) => Assert.All(Log, line => Assert.DoesNotContain(secret, line, StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        Certificates.Dispose();
        _egress.Dispose();
        await Upstream.DisposeAsync();
    }

    private sealed class FixedChance(double value) : Random
    {
        public override double NextDouble() => value;
    }

    private sealed class Lines<T>(ConcurrentQueue<string> lines) : ILogger<T>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{formatter(state, exception)} {exception}");
    }
}
