using System.Globalization;
using Stoa.Azure.Blobs;
using Stoa.Azure.Rest;
using Stoa.Azure.Tables;
using Stoa.Gateway.Audit.Ledger;
using Stoa.Gateway.Storage;
using Stoa.Ledger.Verification;
using Stoa.Testing;
using Stoa.Wire.Tests.Instances;
using Stoa.Wire.Tests.Manage;

namespace Stoa.Wire.Tests.Audit;

/// <summary>
/// A process that is killed again and again while it carries out calls in closed mode. <c>STOA_KILL_LOOPS</c> says how often (5);
/// <c>docs/proofs.md</c> has the figures of longer runs.
/// </summary>
public sealed class KillLoopTests
{
    private const int Callers = 8;

    private static readonly int Loops = int.TryParse(Environment.GetEnvironmentVariable("STOA_KILL_LOOPS"), NumberStyles.None, CultureInfo.InvariantCulture, out var loops) ? loops : 5;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task On_files_every_call_that_the_upstream_saw_has_its_intent_and_no_record_is_there_twice()
    {
        using var data = new DataPath();
        var settings = new Dictionary<string, string> { ["Stoa__DataPath"] = data.Path };
        var seen = await RunAsync(settings);

        using var folder = DataFolder.Open(data.Path);
        using var store = new FileAppendStore(folder, LedgerWriter.Container);
        using var rows = new FileRowStore(folder);
        await JudgeAsync(store, rows, seen);
    }

    [Fact]
    public async Task On_an_immutable_container_every_call_that_the_upstream_saw_has_its_intent_and_no_record_is_there_twice()
    {
        using var data = new DataPath();
        await using var azurite = await Azurite.StartAsync(Ct);
        await using var front = await WormFront.StartAsync(azurite, LedgerWriter.Container, Ct);
        var seen = await RunAsync(new Dictionary<string, string>
        {
            ["Stoa__Storage"] = "azure",
            ["Stoa__StorageConnection"] = front.ConnectionString,
            ["Stoa__DataPath"] = data.Path,
            ["Stoa__EgressAllowedNetworks"] = "127.0.0.1/32",
        });

        Assert.Empty(front.Refused);
        var storage = StorageConnection.Parse(azurite.ConnectionString, TimeProvider.System);
        var patient = new StorageSettings(Try: TimeSpan.FromSeconds(20), Operation: TimeSpan.FromSeconds(60));
        await JudgeAsync(new AzureAppendStore(storage.Blobs, patient, TimeProvider.System), new AzureRowStore(storage.Tables, patient, TimeProvider.System), seen);
    }

    /// <summary>The traces of all calls that the upstream saw.</summary>
    private static async Task<IReadOnlyList<string>> RunAsync(Dictionary<string, string> settings)
    {
        settings["Stoa__AdminKey"] = TestGateway.AdminKey;
        await using var upstream = await ScriptedUpstream.StartAsync(exchange => exchange.AnswerJsonAsync("{}"));
        var key = "";
        for (var loop = 0; loop < Loops; loop++)
        {
            await using var gateway = await GatewayProcess.StartAsync(settings);
            if (loop == 0)
            {
                key = await SetUpAsync(gateway, upstream);
            }

            // Calls of this process alone: what a killed one has sent may arrive after its end.
            var mark = $"{loop + 1:x8}";
            using var client = gateway.ClientFor(key);
            var calling = Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => CallUntilDeadAsync(client, mark)));

            // The blow falls somewhere in the first calls: never at the same place twice.
            var blow = 1 + Random.Shared.Next(3 * Callers);
            var arrived = Eventually.TrueAsync(
                () => Task.FromResult(upstream.Requests.Count(r => r.Target[^32..].StartsWith(mark, StringComparison.Ordinal)) >= blow),
                TimeSpan.FromSeconds(120),
                $"call {blow} reaches the upstream; {gateway.Output} {gateway.Errors}");
            if (await Task.WhenAny(arrived, calling) == calling)
            {
                await calling;
            }

            await arrived;
            await gateway.KillAsync();
            await calling;
        }

        return [.. upstream.Requests.Select(request => request.Target[^32..])];
    }

    private static async Task<string> SetUpAsync(GatewayProcess gateway, ScriptedUpstream upstream)
    {
        using var admin = gateway.ClientFor(TestGateway.AdminKey);
        var tool = Yaml.Tool(endpoint: $"{upstream.Url}{{id}}", more: "method: POST, inputSchema: { type: object, required: [id], properties: { id: { type: string } } }");
        Assert.Equal(200, (await Pairs.LandAsync(admin, Yaml.All(Yaml.Tenant(), Yaml.Consumer(spec: "{ scopes: [stoa:write] }"), tool))).Status);
        return (await admin.PostAsync("/manage/v1/consumers/acme/app/keys")).Body.GetProperty("key").GetString()!;
    }

    private static async Task CallUntilDeadAsync(HttpClient client, string mark)
    {
        try
        {
            while (true)
            {
                var trace = mark + Guid.NewGuid().ToString("N")[mark.Length..];
                using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp/v1/tools/hello/invoke") { Content = new StringContent($$$"""{"arguments":{"id":"{{{trace}}}"}}""") };
                request.Headers.Add("traceparent", $"00-{trace}-00f067aa0ba902b7-01");
                using var reply = await client.SendAsync(request, Ct);
                Assert.True((int)reply.StatusCode is 200 or 503, $"{reply.StatusCode}");
            }
        }
        catch (HttpRequestException)
        {
            // Dead.
        }
    }

    private static async Task JudgeAsync(IAppendStore store, IRowStore rows, IReadOnlyList<string> seen)
    {
        var trail = await AuditTrail.ReadAsync(store, Ct, mayBeTorn: true);
        var intents = trail.Of("intent").Select(r => r.Text("trace")).ToHashSet();
        Assert.NotEmpty(seen);
        Assert.DoesNotContain(seen, trace => !intents.Contains(trace));
        Assert.Equal(trail.Records.Count, trail.Records.Select(r => r.Text("id")).Distinct().Count());
        Assert.Equal(Loops, trail.Of("open").Count());

        // What a crash leaves is found, and nothing that somebody must have done.
        var findings = await LedgerFolder.VerifyAsync(store, rows, Ct);
        Assert.DoesNotContain(findings, finding => finding.IsTampering);
        Assert.InRange(findings.Count(finding => finding.Kind is FindingKind.MissingClose), Loops - 1, Loops);
        TestContext.Current.SendDiagnosticMessage($"{Loops} kills, {seen.Count} calls upstream, {trail.Records.Count} records, {trail.Of("intent").Count() - trail.Of("outcome").Count()} intents without an outcome.");
    }
}
