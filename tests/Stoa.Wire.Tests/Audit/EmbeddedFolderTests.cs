using Stoa.Functions;
using Stoa.Ledger.Records;
using Stoa.Ledger.Verification;
using Stoa.Testing;
using Stoa.Wire.Tests.Instances;
using Stoa.Wire.Tests.Manage;

namespace Stoa.Wire.Tests.Audit;

/// <summary>In embedded mode the ledger lies in the data folder under its own names, and the verifier takes that folder as it is.</summary>
public sealed class EmbeddedFolderTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_data_folder_verifies_where_it_is_while_a_gateway_runs_and_after_it()
    {
        using var data = new DataPath();
        await RunOnceAsync(data);
        await RunOnceAsync(data);
        Assert.Empty(await VerifyAsync(data));

        using var embedded = new EmbeddedPorts(data.Path);
        await using var gateway = await TestGateway.StartAsync(ports: embedded.Ports);
        await gateway.ApplyAsync(Yaml.Tenant("globex"));
        Assert.DoesNotContain(await VerifyAsync(data), f => f.IsTampering);
    }

    [Fact]
    public async Task What_is_taken_from_the_folder_is_missed()
    {
        using var data = new DataPath();
        await RunOnceAsync(data);
        await RunOnceAsync(data);
        var blobs = Directory.EnumerateFiles(Path.Combine(FolderOf(data), "ledger"), "*.jsonl", SearchOption.AllDirectories).ToList();
        var lines = await File.ReadAllLinesAsync(Path.Combine(FolderOf(data), Registration.FileName), Ct);
        Assert.Equal(2, lines.Length);

        File.Delete(blobs[0]);
        Assert.Contains(await VerifyAsync(data), f => f.IsTampering);
    }

    private static async Task RunOnceAsync(DataPath data)
    {
        using var embedded = new EmbeddedPorts(data.Path);
        await using var gateway = await TestGateway.StartAsync(ports: embedded.Ports);
        await gateway.ApplyAsync(Yaml.All(Yaml.Tenant(), Yaml.Tool()));
        await gateway.StopAsync();
    }

    private static string FolderOf(DataPath data) => Path.Combine(data.Path, "blobs", "stoa-audit");

    private static async Task<IReadOnlyList<Finding>> VerifyAsync(DataPath data)
    {
        var key = new Stoa.Gateway.Audit.Sealing.LocalCheckpointKey(Path.Combine(data.Path, "audit-key.pem"));
        var findings = new List<Finding>();
        new LedgerVerifier(new FolderSource(FolderOf(data)), new VerifyOptions { Keys = [await key.PublicAsync(Ct)] }, findings.Add).Run(progress: null, Ct);
        return findings;
    }
}
