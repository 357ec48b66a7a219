using Stoa.Azure;
using Stoa.Azure.Blobs;
using Stoa.Azure.Rest;
using Stoa.Azure.Tables;
using Stoa.Gateway.Audit.Ledger;
using Stoa.Testing;
using Stoa.Wire.Tests.Mcp;

namespace Stoa.Wire.Tests.Audit;

/// <summary>The whole gateway on Azurite with the ledger's container made immutable: nothing it sends there is refused.</summary>
public sealed class ImmutableContainerTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Calls_changes_and_lost_answers_need_nothing_that_an_immutable_container_refuses()
    {
        await using var azurite = await Azurite.StartAsync(Ct);
        await using var front = await WormFront.StartAsync(azurite, LedgerWriter.Container, Ct);
        var writes = 0;
        front.BeforeWrite = _ => Task.FromResult(Interlocked.Increment(ref writes) % 5 == 0);
        var keyFile = KeyFiles.New("key");

        // How long Azurite takes says nothing of what an immutable container refuses.
        var patient = new StorageSettings(Try: TimeSpan.FromSeconds(20), Operation: TimeSpan.FromSeconds(60));
        var storage = StorageConnection.Parse(front.ConnectionString, TimeProvider.System);
        var blobs = new AzureBlobStore(storage.Blobs, patient, TimeProvider.System);
        var ports = AzurePorts.Open(new(front.ConnectionString, null, null, null, keyFile, null), TimeProvider.System) with
        {
            Rows = new AzureRowStore(storage.Tables, patient, TimeProvider.System),
            Blobs = blobs,
            AuditAppend = new AzureAppendStore(storage.Blobs, patient, TimeProvider.System),
            AuditBlobs = blobs,
        };
        string[] traces;
        await using (var world = await World.StartAsync(ports: ports))
        {
            await world.ToolAsync("writes", "method: POST");
            await world.ToolAsync("reads");
            var replies = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => world.InvokeAsync(i % 2 == 0 ? "writes" : "reads")));
            Assert.All(replies, reply => Assert.Equal(200, reply.Status));
            traces = [.. replies.Select(reply => reply.Header("x-stoa-trace-id")!)];
            await world.Gateway.StopAsync();
        }

        Assert.Empty(front.Refused);
        var trail = await AuditTrail.ReadAsync(new AzureAppendStore(StorageConnection.Parse(azurite.ConnectionString, TimeProvider.System).Blobs, patient, TimeProvider.System), Ct);
        Assert.All(traces, trace => Assert.Equal(2, trail.ChainOf(trace).Count));
        Assert.Equal("close", trail.Records[^1].Text("type"));

        // It sealed what it wrote when it stopped; on a slow machine it sealed some of it before.
        var seals = await ports.AuditBlobs.ListAsync(LedgerWriter.Container, "checkpoints/", 1000, null, Ct);
        Assert.Contains($"checkpoints/{trail.Records.Count}", seals.Entries.Select(e => e.Name));
    }
}
