using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Stoa.Azure;
using Stoa.Gateway.Quotas;
using Stoa.Gateway.Quotas.Ledger;
using Stoa.Gateway.Quotas.Usage;
using Stoa.Gateway.Storage;
using Stoa.Testing;
using Stoa.Wire.Tests.Instances;
using Stoa.Wire.Tests.Manage;

namespace Stoa.Wire.Tests.Quotas;

/// <summary>
/// Gateways on one Azurite, of which one is killed (SIGKILL) every other second and another started, while callers of fifty consumers call
/// on. The endpoint's own count is the truth. Three processes for six seconds, unless STOA_KILL_PROCESSES and STOA_KILL_SECONDS say otherwise.
/// </summary>
public sealed class KilledInstancesTests(ITestOutputHelper output)
{
    private const int Consumers = 50;
    private const int Callers = 24;

    private static readonly int Processes = Setting("STOA_KILL_PROCESSES", 3);
    private static readonly int Seconds = Setting("STOA_KILL_SECONDS", 6);
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(2);

    private static readonly int PerMonth = 6 + Seconds;
    private static readonly int PerMinute = PerMonth * Consumers / 2;

    // A slow machine goes on until a limit is met: the test would not notice one that nobody reaches.
    private static readonly TimeSpan MostPatience = TimeSpan.FromMinutes(3);

    // Arrivals lie later than admissions, some more than others: within this span less than a minute there were no more than in a minute.
    private static readonly TimeSpan MostDelay = TimeSpan.FromSeconds(10);

    private readonly ConcurrentQueue<(string Consumer, TimeSpan At)> _arrived = new();
    private readonly ConcurrentQueue<string> _faults = new();
    private readonly ConcurrentDictionary<string, int> _outcomes = new(StringComparer.Ordinal);
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task However_instances_are_killed_no_window_holds_more_than_its_limit_and_the_books_cover_every_call()
    {
        Assert.SkipWhen(DateTimeOffset.UtcNow.AddHours(2).Month != DateTimeOffset.UtcNow.Month, "The month ends within two hours, and with it the windows that are compared.");
        using var folder = new DataPath();
        await using var azurite = await Azurite.StartAsync(CancellationToken.None);
        await using var upstream = await ScriptedUpstream.StartAsync(CountAsync);
        var settings = new Dictionary<string, string>
        {
            ["Stoa__Storage"] = "azure",
            ["Stoa__StorageConnection"] = azurite.ConnectionString,
            ["Stoa__DataPath"] = folder.Path,
            ["Stoa__AdminKey"] = TestGateway.AdminKey,
            ["Stoa__EgressAllowedNetworks"] = "127.0.0.1/32",
        };
        var gateways = new GatewayProcess[Processes];
        gateways[0] = await GatewayProcess.StartAsync(settings);
        var keys = await PrepareAsync(gateways[0], upstream.Url);
        for (var i = 1; i < Processes; i++)
        {
            gateways[i] = await GatewayProcess.StartAsync(settings);
        }

        using var over = new CancellationTokenSource();
        var calling = Enumerable.Range(0, Callers).Select(_ => Task.Run(() => CallAsync(gateways, keys, over.Token), Ct)).ToArray();
        var crashes = 0;
        for (var start = _clock.Elapsed; IsOn(_clock.Elapsed - start); crashes++)
        {
            using var pause = new PeriodicTimer(Between);
            await pause.WaitForNextTickAsync(Ct);
            var victim = crashes % Processes;
            await gateways[victim].KillAsync();
            await EndAsync(gateways[victim]);
            gateways[victim] = await GatewayProcess.StartAsync(settings);
        }

        await over.CancelAsync();
        await Task.WhenAll(calling);
        await Task.WhenAll(gateways.Select(g => g.StopAsync()));
        await Task.WhenAll(gateways.Select(EndAsync));

        await CompareAsync(AzurePorts.Open(new(azurite.ConnectionString, null, null, null, "unused", null), TimeProvider.System).Rows, crashes);
    }

    private bool IsOn(TimeSpan elapsed) => elapsed < TimeSpan.FromSeconds(Seconds) || (elapsed < MostPatience && !_outcomes.ContainsKey("429"));

    private async Task CompareAsync(IRowStore rows, int crashes)
    {
        var partition = (await rows.ListAsync(QuotaLedger.Table, default, 1, null, Ct)).Rows[0].Partition;
        var ledger = new QuotaLedger(rows, TimeProvider.System, LeaseTerms.Default);
        var books = await ledger.LoadAllAsync(partition, Ct);
        var used = _arrived.GroupBy(a => a.Consumer).ToDictionary(g => g.Key, g => g.Count());
        var charged = used.ToDictionary(u => u.Key, u => (int)books[ScopeKey.OfConsumer(u.Key)].Used(Dimension.Requests, Window.Month));
        var usage = await new UsageRows(rows).SumAsync(partition, Today.AddDays(-1), Today, static (_, key) => key.Consumer, Ct);
        var most = MostWithin(TimeSpan.FromMinutes(1) - MostDelay);
        Print(crashes, used.Values.Sum(), used.Values.Max(), most, charged.Values.Sum(), charged.Max(c => c.Value - used[c.Key]), usage.Values.Sum(u => u.Calls));

        Assert.Empty(_outcomes.Keys.Except(["200", "429", "503", "cut off"]));
        Assert.All(used, u => Assert.InRange(u.Value, 0, PerMonth));
        Assert.InRange(most, 0, PerMinute);
        Assert.NotEqual(0, _outcomes.GetValueOrDefault("429"));

        // Every call is on the books; what is on them beyond that was held by those that were killed: a tenth of the limit each at most,
        // and the calls that were under way.
        Assert.All(used, u => Assert.InRange(charged[u.Key], u.Value, Math.Min(PerMonth, u.Value + (crashes * ((PerMonth / 10) + Callers)))));
        Assert.InRange(usage.Values.Sum(u => u.Calls), 1, used.Values.Sum());

        // When all leases are over a sweep leaves none, and forgets nothing that was used.
        var later = new QuotaLedger(rows, new Later(TimeSpan.FromHours(1)), LeaseTerms.Default);
        await later.SweepAsync(Ct);
        books = await later.LoadAllAsync(partition, Ct);
        Assert.All(books.Values, b => Assert.Empty(b.Leases));
        Assert.All(charged, c => Assert.Equal(c.Value, books[ScopeKey.OfConsumer(c.Key)].Used(Dimension.Requests, Window.Month)));
    }

    private static DateOnly Today => DateOnly.FromDateTime(DateTime.UtcNow);

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) && value > 0 ? value : otherwise;

    private static async Task<string[]> PrepareAsync(GatewayProcess gateway, Uri upstream)
    {
        using var admin = gateway.ClientFor(TestGateway.AdminKey);
        var names = Enumerable.Range(0, Consumers).Select(i => $"c{i:d2}").ToArray();
        var applied = await admin.ApplyAsync(Yaml.All([
            Quota.Policy($"requests: {{ perMinute: {PerMinute} }}", "whole"), Quota.Policy($"requests: {{ perMonth: {PerMonth} }}"),
            Yaml.Tenant(spec: "{ quotaPolicyRef: { name: whole } }"),
            .. names.Select(name => Yaml.Consumer(name, "{ scopes: [stoa:write], quotaPolicyRef: { name: small } }")),
            Yaml.Tool("hit", $"{upstream}hit/{{who}}", "method: POST, inputSchema: { type: object, required: [who], properties: { who: { type: string } } }")]));
        Assert.All(applied.Statuses.Split(' '), status => Assert.Equal("created", status));
        var keys = new List<string>();
        foreach (var name in names)
        {
            keys.Add((await admin.PostAsync($"/manage/v1/consumers/acme/{name}/keys")).Body.GetProperty("key").GetString()!);
        }

        return [.. keys];
    }

    private async Task CountAsync(ScriptedExchange exchange)
    {
        _arrived.Enqueue((exchange.Request.Target.Split('/')[^1], _clock.Elapsed));
        await exchange.AnswerJsonAsync("""{"ok":true}""");
    }

    private async Task CallAsync(GatewayProcess[] gateways, string[] keys, CancellationToken over)
    {
        using var client = new HttpClient();
        while (!over.IsCancellationRequested)
        {
            // Some call more than others.
            var consumer = Math.Min(Random.Shared.Next(keys.Length), Random.Shared.Next(keys.Length));
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Volatile.Read(ref gateways[Random.Shared.Next(gateways.Length)]).Url, "/mcp/v1/tools/hit/invoke"))
            {
                Content = new StringContent($"{{\"arguments\":{{\"who\":\"c{consumer:d2}\"}}}}", Encoding.UTF8, "application/json"),
            };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", keys[consumer]);
            try
            {
                using var response = await client.SendAsync(request, CancellationToken.None);
                _outcomes.AddOrUpdate(((int)response.StatusCode).ToString(CultureInfo.InvariantCulture), 1, static (_, n) => n + 1);
            }
            catch (HttpRequestException)
            {
                // Its gateway was killed.
                _outcomes.AddOrUpdate("cut off", 1, static (_, n) => n + 1);
            }
        }
    }

    private async Task EndAsync(GatewayProcess gateway)
    {
        foreach (var fault in gateway.Output.Split('\n').Where(line => line.StartsWith("fail:", StringComparison.Ordinal) || line.StartsWith("crit:", StringComparison.Ordinal)))
        {
            _faults.Enqueue(fault);
        }

        await gateway.DisposeAsync();
    }

    private int MostWithin(TimeSpan span)
    {
        var times = _arrived.Select(a => a.At).Order().ToArray();
        var (most, first) = (0, 0);
        for (var last = 0; last < times.Length; last++)
        {
            while (times[last] - times[first] > span)
            {
                first++;
            }

            most = Math.Max(most, last - first + 1);
        }

        return most;
    }

    private void Print(int crashes, int used, int usedByOne, int mostInMinute, int charged, int strandedOfOne, long reported)
    {
        output.WriteLine($"{Processes} processes, {Seconds} s, {crashes} killed; answers: {string.Join(", ", _outcomes.OrderBy(o => o.Key, StringComparer.Ordinal).Select(o => $"{o.Key}: {o.Value}"))}");
        output.WriteLine($"calls at the endpoint: {used}; of one consumer at most {usedByOne} of {PerMonth} per month; in a minute at most {mostInMinute} of {PerMinute}");
        output.WriteLine($"charged to consumers: {charged}, stranded {charged - used}, with one consumer at most {strandedOfOne}; in the usage breakdown: {reported}");
        _faults.Take(20).ToList().ForEach(output.WriteLine);
    }

    private sealed class Later(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }
}
