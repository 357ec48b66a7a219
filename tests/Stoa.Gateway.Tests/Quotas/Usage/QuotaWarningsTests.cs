using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Stoa.Gateway.Egress;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Keys;
using Stoa.Gateway.Quotas;
using Stoa.Gateway.Quotas.Usage;
using Stoa.Gateway.Secrets;
using Stoa.Gateway.Tests.Egress;
using Stoa.Gateway.Tests.Keys;
using Stoa.Testing;

namespace Stoa.Gateway.Tests.Quotas.Usage;

/// <summary>Webhooks on real sockets: what is sent, how often, and to whom never.</summary>
public sealed class QuotaWarningsTests : IDisposable
{
    private const string Key = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly UsageBench _bench = new();
    private readonly ConcurrentQueue<string> _log = new();
    private readonly List<IDisposable> _made = [];

    public void Dispose()
    {
        _made.ForEach(m => m.Dispose());
        _bench.Dispose();
    }

    [Fact]
    public async Task A_webhook_is_signed_as_Standard_Webhooks_says()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(e => e.AnswerAsync(204, "text/plain", ""));
        var (warnings, webhook) = await MakeAsync(upstream.Url);

        warnings.Raise(Warning, webhook);

        var request = (await upstream.ArrivedAsync()).Request;
        var (id, at) = (request.Header("webhook-id")!, long.Parse(request.Header("webhook-timestamp")!, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(_bench.Time.GetUtcNow().ToUnixTimeSeconds(), at);
        Assert.Equal(WebhookSignature.Of(new(Key), id, DateTimeOffset.FromUnixTimeSeconds(at), Encoding.UTF8.GetBytes(request.BodyText)), request.Header("webhook-signature"));
        Assert.Equal(
            """{"type":"quota.warning","timestamp":"2026-01-01T00:00:00Z","data":{"tenant":"acme","scope":"consumer","name":"bot","limit":"tokens_per_day","percent":80,"used":812,"allowed":1000,"quota_reset_at":"2026-01-02T00:00:00Z"}}""",
            request.BodyText);
        Assert.Equal(JsonValueKind.Object, JsonElement.Parse(request.BodyText).ValueKind);
    }

    [Fact]
    public async Task It_is_tried_again_with_the_same_id_until_it_is_taken()
    {
        var answers = new Queue<int>([503, 429, 200]);
        await using var upstream = await ScriptedUpstream.StartAsync(e => e.AnswerAsync(answers.Dequeue(), "text/plain", ""));
        var (warnings, webhook) = await MakeAsync(upstream.Url);

        warnings.Raise(Warning, webhook);
        await upstream.ArrivedAsync(1);
        await PassAsync(TimeSpan.FromSeconds(1));
        await upstream.ArrivedAsync(2);
        await PassAsync(TimeSpan.FromSeconds(5));
        await upstream.ArrivedAsync(3);
        await warnings.DrainAsync(TestContext.Current.CancellationToken);

        Assert.Equal(3, upstream.Requests.Count);
        Assert.Single(upstream.Requests.Select(r => r.Header("webhook-id")).Distinct());
        Assert.DoesNotContain(_log, line => line.Contains("did not reach", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(400, 1)]
    [InlineData(301, 1)]
    [InlineData(500, 4)]
    public async Task It_gives_up_after_a_number_of_tries_that_depends_on_the_answer(int status, int tries)
    {
        await using var upstream = await ScriptedUpstream.StartAsync(e => status == 301 ? e.RedirectAsync("http://example.com/", 301) : e.AnswerAsync(status, "text/plain", ""));
        var (warnings, webhook) = await MakeAsync(upstream.Url);

        warnings.Raise(Warning, webhook);
        foreach (var (pause, i) in new[] { 1, 5, 25 }.Take(tries - 1).Select((pause, i) => (pause, i)))
        {
            // No longer than the pause: the next one may begin while the clock still moves.
            await upstream.ArrivedAsync(i + 1);
            await PassAsync(TimeSpan.FromSeconds(pause));
        }

        await Eventually.TrueAsync(() => Task.FromResult(_log.Any(l => l.Contains("did not reach", StringComparison.Ordinal))), Patience, "it gives up");
        Assert.Equal(tries, upstream.Requests.Count);
    }

    [Fact]
    public async Task It_does_not_go_where_tenants_may_not_go()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(e => e.AnswerAsync(200, "text/plain", ""));
        var (warnings, webhook) = await MakeAsync(upstream.Url, TestEgress.Resolving(static _ => []));

        warnings.Raise(Warning, webhook);

        await Eventually.TrueAsync(() => Task.FromResult(_log.Any(l => l.Contains("not one that this gateway may call", StringComparison.Ordinal))), Patience, "it is refused");
        Assert.Empty(upstream.Requests);
    }

    [Fact]
    public async Task Nothing_unsigned_is_sent_when_the_secret_is_missing()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(e => e.AnswerAsync(200, "text/plain", ""));
        var (warnings, webhook) = await MakeAsync(upstream.Url);

        warnings.Raise(Warning, webhook with { SecretRef = new("hook", "other") });

        await Eventually.TrueAsync(() => Task.FromResult(_log.Any(l => l.Contains("to sign with", StringComparison.Ordinal))), Patience, "it says so");
        Assert.Empty(upstream.Requests);
        Assert.DoesNotContain(_log, l => l.Contains(Key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_instance_that_stops_repeats_nothing()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(e => e.AnswerAsync(503, "text/plain", ""));
        var (warnings, webhook) = await MakeAsync(upstream.Url);
        warnings.Raise(Warning, webhook);
        await upstream.ArrivedAsync();

        await warnings.DrainAsync(TestContext.Current.CancellationToken);
        warnings.Raise(Warning, webhook);

        Assert.Single(upstream.Requests);
        Assert.Contains(_log, l => l.Contains("the instance stops", StringComparison.Ordinal));
    }

    private QuotaWarning Warning => new(
        NotedCall.Acme.Tenant, "consumer", "bot", "tokens_per_day", 80, 812, 1000, _bench.Time.GetUtcNow(), _bench.Time.GetUtcNow().AddDays(1));

    private async Task PassAsync(TimeSpan time)
    {
        await Eventually.TrueAsync(() => Task.FromResult(_bench.Time.Timers > 0), Patience, "it waits before the next try");
        _bench.Time.Advance(time);
    }

    private async Task<(QuotaWarnings Warnings, QuotaWebhook Webhook)> MakeAsync(Uri url, EgressClient? egress = null)
    {
        var vault = new SecretVault(new Sealer(new KeyBench().Join()), new VaultReferences(null, _bench.Time));
        var token = await vault.SealAsync(NotedCall.Acme.Tenant, "uid-1", "key", new Secret(Key), CancellationToken.None);
        var spec = new StoredSecret(null, new Dictionary<string, string> { ["key"] = token }, new Dictionary<string, string>()).ToJson();
        var revision = new Revision(NotedCall.Acme.Tenant, 1, "uid", [new("Secret", "hook", "uid-1", "1", default, default, spec)]);
        egress ??= TestEgress.Client();
        var warnings = new QuotaWarnings(egress, vault, new(_bench.Meters), _bench.Time, new Lines(_log));
        _made.AddRange([warnings, egress]);
        return (warnings, new(url, new("hook", "key"), revision));
    }

    private sealed class Lines(ConcurrentQueue<string> log) : ILogger<QuotaWarnings>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => log.Enqueue(formatter(state, exception));
    }
}
