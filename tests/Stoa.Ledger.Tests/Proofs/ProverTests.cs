using System.Diagnostics;
using System.Text;
using Stoa.Ledger.Merkle;
using Stoa.Ledger.Proofs;
using Stoa.Ledger.Tests.Verification;
using Stoa.Testing;

namespace Stoa.Ledger.Tests.Proofs;

/// <summary>Proofs that single records are in the log, checked by us and by the script that shares no code with us.</summary>
public sealed class ProverTests
{
    [Theory]
    [InlineData(1, 30)]
    [InlineData(2, 256)]
    [InlineData(3, 900)]
    public void Every_record_is_proven(int seed, int records)
    {
        var ledger = SampleLedger.Lived(seed, records);
        var prover = new LedgerProver(new MemorySource(ledger.Files));
        foreach (var record in ledger.Records.Where(r => r.Index % 7 == 0 || r.Index > records - 10))
        {
            var (verdict, proof, _) = prover.Prove(record.Id, TestContext.Current.CancellationToken);

            Assert.Equal(ProofVerdict.Proven, verdict);
            Assert.Equal((record.Index, Encoding.UTF8.GetString(record.Line)), (proof!.LeafIndex, proof.Record));
            Assert.True(RecordProof.TryParse(proof.ToJson(), out var read));
            Assert.True(read.IsSignedBy(ledger.Key));
            Assert.False((read with { LeafIndex = (read.LeafIndex + 1) % read.TreeSize }).LeadsToCheckpoint());
            Assert.False((read with { Record = read.Record.Replace("\"v\":1", "\"v\":2", StringComparison.Ordinal) }).LeadsToCheckpoint());
            Assert.False((read with { TreeSize = read.TreeSize - 1 }).LeadsToCheckpoint());
        }
    }

    [Fact]
    public void Where_there_is_no_proof_it_is_said_why()
    {
        var ledger = SampleLedger.Lived(4, 600);
        var unsealed = ledger.Start().Begin();
        var files = ledger.Files;
        var prover = new LedgerProver(new MemorySource(files));

        Assert.Equal(ProofVerdict.NoRecord, prover.Prove("01JQ2ZK8M3T5V7W9X1Y3Z5A7B9", TestContext.Current.CancellationToken).Verdict);
        Assert.Equal(ProofVerdict.NotSealed, prover.Prove(unsealed.Id, TestContext.Current.CancellationToken).Verdict);
        files.Remove("tile/0/001");
        Assert.Equal((ProofVerdict.Broken, null, "tile/0/001 is missing or has the wrong length"), prover.Prove(ledger.Records[300].Id, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_script_agrees()
    {
        var (ledger, stranger) = (SampleLedger.Lived(5, 700), SampleLedger.Lived(6, 5));
        var (_, proof, _) = new LedgerProver(new MemorySource(ledger.Files)).Prove(ledger.Records[345].Id, TestContext.Current.CancellationToken);

        Assert.Equal((0, $"PROVEN: record {ledger.Records[345].Index} of {ledger.Records.Count} in {SampleLedger.Origin}"), await RunAsync(proof!, ledger));
        Assert.Equal((1, "NOT PROVEN: the record does not lead to the signed root."), await RunAsync(proof! with { Record = proof.Record.Replace("\"v\":1", "\"v\":2", StringComparison.Ordinal) }, ledger));
        Assert.Equal((1, "NOT PROVEN: the record does not lead to the signed root."), await RunAsync(proof! with { LeafIndex = proof.LeafIndex ^ 1 }, ledger));
        Assert.Equal((1, "NOT PROVEN: the proof is too short."), await RunAsync(proof! with { Proof = [.. proof.Proof.SkipLast(1)] }, ledger));
        Assert.Equal((1, "NOT PROVEN: the proof is too long."), await RunAsync(proof! with { Proof = [.. proof.Proof, MerkleHash.Empty] }, ledger));
        Assert.Equal((1, "NOT PROVEN: the checkpoint is not signed with this key."), await RunAsync(proof!, stranger));
        Assert.Equal((1, "NOT PROVEN: the checkpoint's signature is wrong."), await RunAsync(proof! with { Checkpoint = proof.Checkpoint.Replace("\nprevious ", "\nprevious 1", StringComparison.Ordinal) }, ledger));
    }

    private static async Task<(int Code, string Line)> RunAsync(RecordProof proof, SampleLedger ledger)
    {
        var folder = Directory.CreateTempSubdirectory("stoa-proof-");
        try
        {
            var (document, key) = (Path.Combine(folder.FullName, "proof.json"), Path.Combine(folder.FullName, "key.pem"));
            await File.WriteAllBytesAsync(document, proof.ToJson());
            await File.WriteAllTextAsync(key, ledger.Key.ToPem());
            using var node = Process.Start(new ProcessStartInfo("node", [Repository.PathOf("samples", "audit", "check-proof.mjs"), document, key]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var (output, errors) = (node.StandardOutput.ReadToEndAsync(), node.StandardError.ReadToEndAsync());
            await node.WaitForExitAsync();
            return (node.ExitCode, ((await output) + (await errors)).Split(": event")[0].Split(": intent")[0].Split(": outcome")[0].Split(": open")[0].Split(": close")[0].TrimEnd());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
