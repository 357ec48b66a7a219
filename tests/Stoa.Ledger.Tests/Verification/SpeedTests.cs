using System.Diagnostics;
using System.Globalization;
using Stoa.Ledger.Verification;

namespace Stoa.Ledger.Tests.Verification;

/// <summary>Verifies a ledger on disk and says how fast; STOA_LEDGER_RECORDS says how large. Nothing is asserted of the time.</summary>
public sealed class SpeedTests(ITestOutputHelper output)
{
    [Fact]
    public void A_ledger_on_disk_is_verified_in_one_pass()
    {
        var count = int.Parse(Environment.GetEnvironmentVariable("STOA_LEDGER_RECORDS") ?? "5000", CultureInfo.InvariantCulture);
        var folder = Directory.CreateTempSubdirectory("stoa-ledger-");
        try
        {
            var (key, bytes) = Write(folder.FullName, count);
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
        var (ledger, bytes) = (SampleLedger.Lived(seed: 1, count, sealEvery: 3_000), 0L);
        foreach (var (name, content) in ledger.Files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, name))!);
            File.WriteAllBytes(Path.Combine(folder, name), content);
            bytes += name.StartsWith("ledger/", StringComparison.Ordinal) ? content.Length : 0;
        }

        return (ledger.Key, bytes);
    }
}
