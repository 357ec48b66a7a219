using System.Diagnostics;
using System.Globalization;
using Stoa.Ledger.Verification;

namespace Stoa.Ledger.Tests.Verification;

/// <summary>Verifies a ledger on disk, a second time, when the code is compiled, and says how fast; STOA_LEDGER_RECORDS says how large. Nothing is asserted of the time.</summary>
public sealed class SpeedTests(ITestOutputHelper output)
{
    // What a gateway says of a call, roughly: 770 bytes in all.
    private const string More = """
        "consumer":"agent","decision":{"caller":"key","policy":{"allow":true,"revision":17},"quota":{"calls":1,"left":99412},"scope":"stoa:read","stages":["identify","scope","quota","policy"]},
        "door":"mcp","durationMs":41.337,"guardrails":[],"params":"hmac-sha256:9b74c9897bac770ffc029102a200c5de2c1b4b3a2f1d","redactions":[],"result":"hmac-sha256:0a4d55a8d778e5022fab701977c5d8407c6b1f0e9d2a",
        "tenant":"acme","trace":"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01","upstream":{"attempts":1,"status":200},"user":"u_5f2c3b1a9d",
        """;

    [Fact]
    public void A_ledger_on_disk_is_verified_in_one_pass()
    {
        var count = int.Parse(Environment.GetEnvironmentVariable("STOA_LEDGER_RECORDS") ?? "5000", CultureInfo.InvariantCulture);
        var folder = Directory.CreateTempSubdirectory("stoa-ledger-");
        try
        {
            var (key, bytes) = Write(folder.FullName, count);
            new LedgerVerifier(new FolderSource(folder.FullName), new() { Keys = [key] }, _ => { }).Run(null, TestContext.Current.CancellationToken);
            GC.Collect();
            var (before, watch, cpu) = (GC.GetTotalAllocatedBytes(), Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);

            var findings = new List<Finding>();
            var summary = new LedgerVerifier(new FolderSource(folder.FullName), new() { Keys = [key] }, findings.Add).Run(null, TestContext.Current.CancellationToken);

            cpu = Environment.CpuUsage.TotalTime - cpu;
            Assert.Empty(findings);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{summary.Records:N0} records, {bytes / summary.Records} bytes each, {summary.Checkpoints} checkpoints: {summary.Records / watch.Elapsed.TotalSeconds:N0} records/s, {cpu.TotalMicroseconds / summary.Records:N1} us of CPU and {(GC.GetTotalAllocatedBytes() - before) / summary.Records} bytes allocated each; heap after {GC.GetTotalMemory(forceFullCollection: true) / 1024 / 1024} MB"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static (Stoa.Ledger.Checkpoints.NoteKey Key, long Bytes) Write(string folder, int count)
    {
        var (ledger, bytes) = (SampleLedger.Lived(seed: 1, count, sealEvery: 3_000, More), 0L);
        foreach (var (name, content) in ledger.Files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, name))!);
            File.WriteAllBytes(Path.Combine(folder, name), content);
            bytes += name.StartsWith("ledger/", StringComparison.Ordinal) ? content.Length : 0;
        }

        return (ledger.Key, bytes);
    }
}
