using System.Text.Json;
using Stoa.Gateway;
using Stoa.Testing;

namespace Stoa.Cli.Tests.Commands;

/// <summary>From a running gateway to a verdict, with two commands and a key.</summary>
public sealed class AuditFetchTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_fetched_ledger_verifies_and_a_second_fetch_takes_only_what_is_new()
    {
        var ports = TestGateway.InMemory();
        var key = "";
        await RunAsync(ports, async gateway =>
        {
            await gateway.ApplyAsync(Yaml.World());
            key = await gateway.Admin.GetStringAsync("/manage/v1/audit/key", Ct);
        });
        await RunAsync(ports, async gateway =>
        {
            using var shell = new Shell(gateway.Url, Shell.AdminKey);
            shell.Write("audit.pem", key);
            var first = await shell.RunAsync("audit", "fetch", "ledger-files", "-o", "json");
            var verified = await shell.RunAsync("audit", "verify", "ledger-files", "--key", "audit.pem");
            var again = await shell.RunAsync("audit", "fetch", "ledger-files", "-o", "json");

            using var report = JsonDocument.Parse(first.Succeeded());
            Assert.InRange(report.RootElement.GetProperty("files").GetInt32(), 3, 20);

            // That somebody fetches is on record, too, and not sealed yet.
            Assert.Matches("OK: every record is as it was sealed.* The newest [0-9]+ are not sealed yet", verified.Succeeded());
            using var little = JsonDocument.Parse(again.Succeeded());
            Assert.Equal(1, little.RootElement.GetProperty("files").GetInt32());
        });
    }

    [Fact]
    public async Task An_instance_that_the_gateway_no_longer_names_stays_in_the_folder()
    {
        var ports = TestGateway.InMemory();
        await RunAsync(ports, async gateway => await gateway.ApplyAsync(Yaml.World()));
        await RunAsync(ports, async gateway =>
        {
            using var shell = new Shell(gateway.Url, Shell.AdminKey);
            var first = await FetchedAsync(shell);
            Assert.NotEmpty(first);
            foreach (var row in (await ports.Rows.ListAsync("StoaAuditInstances", new(), 100, null, Ct)).Rows)
            {
                await ports.Rows.WriteAsync("StoaAuditInstances", Stoa.Gateway.Storage.RowChange.Delete(row.Partition, row.Key, row.ETag), Ct);
            }

            Assert.Equal(first, await FetchedAsync(shell));
        });
    }

    private static async Task<string> FetchedAsync(Shell shell)
    {
        (await shell.RunAsync("audit", "fetch", "ledger-files")).Succeeded();
        return await File.ReadAllTextAsync(Path.Combine(shell.Folder, "ledger-files", "registry.jsonl"), Ct);
    }

    [Fact]
    public async Task A_tenant_cannot_fetch_the_ledger()
    {
        await using var world = await World.StartAsync();
        await world.BecomeConsumerAsync();
        world.Shell.Set("STOA_ADMIN_KEY", "stoa_none");
        Assert.NotEqual(0, (await world.Shell.RunAsync("audit", "fetch", "ledger-files")).ExitCode);
    }

    [Fact]
    public async Task A_place_that_cannot_be_written_to_is_told_in_words()
    {
        await RunAsync(TestGateway.InMemory(), async gateway =>
        {
            using var shell = new Shell(gateway.Url, Shell.AdminKey);
            shell.Write("notes.txt", "no folder");

            Assert.Contains("The ledger cannot be kept in ", (await shell.RunAsync("audit", "fetch", "notes.txt")).Failed(2), StringComparison.Ordinal);
        });
    }

    private static async Task RunAsync(GatewayPorts ports, Func<TestGateway, Task> use)
    {
        // Time stands still, or a blob of the next ten minutes or a seal of this one could come between two fetches.
        await using var gateway = await TestGateway.StartAsync(ports: ports, time: new FakeTime());
        await use(gateway);
        await gateway.StopAsync();
    }
}
