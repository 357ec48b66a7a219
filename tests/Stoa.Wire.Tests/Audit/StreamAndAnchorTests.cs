using System.Net.Http.Json;
using System.Text.Json;
using Azure.Core.Pipeline;
using Stoa.Azure.EventHubs;
using Stoa.Gateway.Audit.Forwarding;
using Stoa.Gateway.Audit.Ledger;
using Stoa.Gateway.Audit.Sealing;
using Stoa.Gateway.Storage;
using Stoa.Testing;
using Stoa.Testing.EventHubs;
using Stoa.Testing.Streams;
using Stoa.Wire.Tests.Manage;

namespace Stoa.Wire.Tests.Audit;

/// <summary>The whole gateway with an event hub and anchors: what is on record is in the stream, and what is sealed is told.</summary>
public sealed class StreamAndAnchorTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_record_is_in_the_stream_once_the_instance_has_stopped()
    {
        await using var hub = await EventHubStandIn.StartAsync(TimeProvider.System);
        var sender = new EventHubSender(HubEndpoint.Parse(hub.ConnectionString, hub: null, TimeProvider.System), new EventHubOptions { Transport = new HttpClientTransport(hub.Handler()) });
        var ports = TestGateway.InMemory() with { SendRecords = sender.SendAsync };
        await using var gateway = await TestGateway.StartAsync(ports: ports);
        await gateway.ApplyAsync(Yaml.All(Yaml.Tenant(), Yaml.Tool()));
        await gateway.StopAsync();

        var lines = (await AuditTrail.ReadAsync(ports.AuditAppend, Ct)).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(lines, hub.Events.Select(e => e.Body));
    }

    [Fact]
    public async Task A_hub_that_is_down_costs_no_call_and_no_seal()
    {
        var ports = TestGateway.InMemory() with { SendRecords = (_, records, _) => new(new SendResult(records.Count, new(SendFaultKind.Unavailable, "scripted"))) };
        await using var gateway = await TestGateway.StartAsync(ports: ports);
        await gateway.ApplyAsync(Yaml.Tenant());
        await gateway.StopAsync();

        Assert.NotEmpty((await ports.AuditBlobs.ListAsync(LedgerWriter.Container, "checkpoints/", 10, null, Ct)).Entries);
    }

    [Fact]
    public async Task Every_record_is_in_every_stream_that_is_set()
    {
        await using var collector = await StreamReceiver.CollectorAsync();
        await using var webhook = await StreamReceiver.WebhookAsync();
        var ports = TestGateway.InMemory();
        await using var gateway = await TestGateway.StartAsync(
            new Dictionary<string, string?>
            {
                ["Stoa:AuditOtlpEndpoint"] = collector.Url.AbsoluteUri,
                ["Stoa:AuditOtlpHeaders"] = $"x-credential={StreamReceiver.Credential}",
                ["Stoa:AuditWebhook"] = webhook.Url.AbsoluteUri,
                ["Stoa:AuditWebhookSecret"] = StreamReceiver.Secret,
            },
            ports);
        await gateway.ApplyAsync(Yaml.All(Yaml.Tenant(), Yaml.Tool()));
        var status = await gateway.Admin.GetFromJsonAsync<JsonElement>("/manage/v1/audit/status", Ct);
        Assert.Equal(["otlp", "webhook"], status.GetProperty("streams").EnumerateArray().Select(s => s.GetProperty("name").GetString()));
        await gateway.StopAsync();

        var lines = (await AuditTrail.ReadAsync(ports.AuditAppend, Ct)).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(lines, collector.Kept);
        Assert.Equal(lines, webhook.Kept);
        Assert.Empty(collector.Wrong);
        Assert.Empty(webhook.Wrong);
    }

    [Fact]
    public async Task Checkpoints_are_told_to_both_anchors()
    {
        await using var webhook = await ScriptedUpstream.StartAsync(exchange => exchange.AnswerJsonAsync("{}"));
        var anchor = new MemoryBlobStore(TimeProvider.System);
        var ports = TestGateway.InMemory() with { AuditAnchor = anchor };
        await using var gateway = await TestGateway.StartAsync(new Dictionary<string, string?> { ["Stoa:AuditAnchorWebhook"] = webhook.Url.AbsoluteUri }, ports);
        await gateway.ApplyAsync(Yaml.Tenant());
        await gateway.StopAsync();

        var entry = Assert.Single((await anchor.ListAsync(CheckpointAnchors.Container, "checkpoints/", 10, null, Ct)).Entries);
        var own = (await ports.AuditBlobs.GetAsync(LedgerWriter.Container, entry.Name, Ct))!.Content.ToArray();
        Assert.Equal(own, (await anchor.GetAsync(CheckpointAnchors.Container, entry.Name, Ct))!.Content.ToArray());
        Assert.Equal(own, Assert.Single(webhook.Requests).Body.ToArray());
    }
}
