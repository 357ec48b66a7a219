using Stoa.Ledger.Checkpoints;
using Stoa.Ledger.Records;
using Stoa.Ledger.Verification;

namespace Stoa.Ledger.Tests.Verification;

/// <summary>Ledgers that nobody touched, and the gaps that crashes and running systems leave.</summary>
public sealed class VerifierTests
{
    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 255)]
    [InlineData(3, 256)]
    [InlineData(4, 1_000)]
    [InlineData(5, 3_000)]
    public void A_whole_ledger_has_no_finding(int seed, int records)
    {
        var ledger = SampleLedger.Lived(seed, records);

        var verified = Verified.Of(ledger);

        Assert.Equal("", verified.Told);
        Assert.Equal(ledger.Records.Count, verified.Summary.Records);
        Assert.Equal(ledger.Records.Count, verified.Summary.Size);
        Assert.Equal(ledger.Checkpoints[^1].Root, verified.Summary.Root);
        Assert.Equal(ledger.Checkpoints.Count, verified.Summary.Checkpoints);
        Assert.Equal(ledger.Writers.Count, verified.Summary.Instances);
    }

    [Fact]
    public void Without_a_key_the_answer_is_incomplete()
    {
        var ledger = SampleLedger.Lived(6, 400);

        var verified = Verified.Of(ledger.Files, new());

        Assert.Equal([FindingKind.SignatureUnchecked], verified.Kinds);
        Assert.False(verified.IsTampered);
    }

    [Fact]
    public void Every_checkpoint_that_was_kept_still_fits()
    {
        var ledger = SampleLedger.Lived(7, 1_200);

        Assert.All(ledger.Checkpoints, kept => Assert.Equal("", Verified.Of(ledger.Files, new() { Keys = [ledger.Key], Older = kept }).Told));
    }

    // Both are signed by the log's key: only who kept the first can tell.
    [Theory]
    [InlineData(100)]
    [InlineData(700)]
    public void A_second_history_is_found_with_a_checkpoint_of_the_first(int records)
    {
        var ledger = SampleLedger.Lived(8, records);
        foreach (var kept in ledger.Checkpoints)
        {
            var other = kept with { Root = Ledger.Merkle.MerkleHash.Leaf([1]) };

            var verified = Verified.Of(ledger.Files, new() { Keys = [ledger.Key], Older = other });

            Assert.Equal([FindingKind.SplitView], verified.Kinds);
            Assert.Equal(kept.Size - 1, verified.Findings[0].TreeIndex);
        }
    }

    [Fact]
    public void An_instance_that_was_killed_leaves_gaps_and_nothing_else()
    {
        var ledger = new SampleLedger(9);
        var (killed, other) = (ledger.Start(), ledger.Start());
        var intent = killed.Begin();
        other.Begin();
        ledger.Now = ledger.Now.AddHours(3);
        other.End();
        other.Close();
        ledger.Seal();

        var verified = Verified.Of(ledger);

        Assert.Equal([FindingKind.MissingClose, FindingKind.IntentWithoutOutcome], verified.Kinds);
        var open = verified.Findings.Single(f => f.Kind is FindingKind.IntentWithoutOutcome);
        Assert.Equal((intent.Blob, intent.Sequence, intent.Offset, intent.Id, intent.Index), (open.File, open.Sequence, open.Offset, open.Id, open.TreeIndex));
        Assert.False(verified.IsTampered);
    }

    [Fact]
    public void An_instance_that_runs_is_no_gap()
    {
        var ledger = new SampleLedger(10);
        ledger.Start().Begin();
        ledger.Seal();

        var verified = Verified.Of(ledger);

        Assert.Equal("", verified.Told);
        Assert.Equal((1, 1), (verified.Summary.Running, verified.Summary.OpenCalls));
    }

    [Fact]
    public void What_is_young_need_not_be_sealed_yet_and_what_is_old_must_be()
    {
        var ledger = SampleLedger.Lived(11, 300);
        var options = new VerifyOptions { Keys = [ledger.Key], Settling = TimeSpan.FromMinutes(5) };
        var writer = ledger.Start();
        writer.Begin();

        var young = Verified.Of(ledger.Files, options);
        Assert.Equal(("", 2), (young.Told, young.Summary.Unsealed));

        ledger.Now += TimeSpan.FromMinutes(6);
        writer.Begin();
        Assert.Contains(FindingKind.UnsealedBytes, Verified.Of(ledger.Files, options).Kinds);
    }

    [Fact]
    public void What_is_not_sealed_is_counted_and_its_chain_followed()
    {
        var ledger = SampleLedger.Lived(11, 300);
        var writer = ledger.Start();
        var written = Enumerable.Range(0, 5).Select(_ => writer.Begin()).ToArray();
        var last = written[^1];

        var verified = Verified.Of(ledger);

        Assert.All(verified.Kinds, kind => Assert.Equal(FindingKind.UnsealedBytes, kind));
        Assert.Equal((6, 0L, written[0].Blob), (verified.Summary.Unsealed, verified.Findings[0].Sequence, verified.Findings[0].File));

        var torn = ledger.Files;
        torn[last.Blob] = torn[last.Blob][..^10];
        var withTorn = Verified.Of(ledger, torn);
        Assert.All(withTorn.Kinds, kind => Assert.Equal(FindingKind.UnsealedBytes, kind));
        Assert.Equal(5, withTorn.Summary.Unsealed);

        var altered = ledger.Files;
        altered[written[2].Blob][written[2].Offset + 20] ^= 1;
        Assert.Contains(Verified.Of(ledger, altered).Findings, f => f.IsTampering && f.Sequence == written[2].Sequence || f.Sequence == written[3].Sequence);
    }

    [Fact]
    public void An_instance_that_never_wrote_is_known_by_its_registration()
    {
        var ledger = SampleLedger.Lived(12, 50);
        var files = ledger.Files;
        var ghost = new Registration(new(7), default, ledger.Now);
        files[Registration.FileName] = [.. files[Registration.FileName], .. System.Text.Encoding.UTF8.GetBytes(ghost.ToLine() + "\n")];

        var verified = Verified.Of(ledger, files);

        Assert.Equal([FindingKind.InstanceWithoutBlob], verified.Kinds);
        Assert.Contains(ghost.Instance.ToString(), verified.Findings[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_were_sealed_late_are_told()
    {
        var ledger = new SampleLedger(13);
        var early = ledger.Start();
        early.Close();
        var hidden = ledger.Files.Keys.Single(name => name.StartsWith("ledger/", StringComparison.Ordinal));
        ledger.HoldBack = hidden;
        ledger.Now = ledger.Now.AddHours(5);
        ledger.Start().Close();
        ledger.Seal();
        ledger.HoldBack = null;
        ledger.Seal();

        var verified = Verified.Of(ledger);

        Assert.Equal([FindingKind.LateBytes], verified.Kinds);
        Assert.Equal(hidden, verified.Findings[0].File);
    }

    [Fact]
    public void One_part_of_a_ledger_is_verified_from_its_tiles()
    {
        var ledger = SampleLedger.Lived(14, 2_000);
        var slots = ledger.Records.Select(r => LedgerBlobName.Parse(r.Blob).Slot).Distinct().Order().ToArray();
        var options = new VerifyOptions { Keys = [ledger.Key], From = slots[1], To = slots[2] };
        var files = ledger.Files;
        foreach (var record in ledger.Records.Where(r => LedgerBlobName.Parse(r.Blob).Slot == slots[0]))
        {
            files.Remove(record.Blob);
        }

        var verified = Verified.Of(files, options);

        Assert.Equal("", verified.Told);
        Assert.True(verified.Summary.Records < ledger.Records.Count);
        var target = ledger.Records.First(r => LedgerBlobName.Parse(r.Blob).Slot == slots[1] && r.Sequence > 3);
        files[target.Blob] = files[target.Blob].ToArray();
        files[target.Blob][target.Offset + 30] ^= 4;
        Assert.Contains(Verified.Of(files, options).Findings, f => Mutation.Names(f, target));
    }

    [Fact]
    public void A_log_without_a_checkpoint_says_so()
    {
        var ledger = new SampleLedger(15);
        ledger.Start().Close();

        Assert.Equal([FindingKind.NoCheckpoint, FindingKind.UnsealedBytes], Verified.Of(ledger).Kinds);
        Assert.Equal([FindingKind.RegistryMissing, FindingKind.NoCheckpoint], Verified.Of(new Dictionary<string, byte[]>(), new() { Keys = [ledger.Key] }).Kinds);
    }

    [Fact]
    public void Keys_of_earlier_times_are_trusted_beside_the_present_one()
    {
        var (ledger, other) = (SampleLedger.Lived(16, 100), SampleLedger.Lived(17, 100));

        Assert.Equal("", Verified.Of(ledger.Files, new() { Keys = [other.Key, ledger.Key] }).Told);
        Assert.All(Verified.Of(ledger.Files, new() { Keys = [other.Key] }).Findings, f => Assert.Equal(FindingKind.UnknownKey, f.Kind));
    }

    [Fact]
    public void A_line_longer_than_a_record_costs_no_memory()
    {
        var ledger = SampleLedger.Lived(18, 100);
        var (files, record) = (ledger.Files, ledger.Records[40]);
        files[record.Blob] = [.. files[record.Blob].AsSpan(0, (int)record.Offset), .. new byte[3 * 1024 * 1024], (byte)'\n', .. files[record.Blob].AsSpan((int)record.Offset)];

        var finding = Assert.Single(Verified.Of(ledger, files).Findings);

        Assert.Equal((FindingKind.InsertedBytes, record.Offset), (finding.Kind, finding.Offset));
    }

    [Fact]
    public void Findings_have_names() => Assert.Equal("intent-without-outcome", Finding.NameOf(FindingKind.IntentWithoutOutcome));

    [Fact]
    public void A_checkpoint_file_by_another_name_is_told()
    {
        var ledger = SampleLedger.Lived(19, 60);
        var files = ledger.Files;
        files["checkpoints/latest"] = files[Checkpoint.NameOf(ledger.Checkpoints[0].Size)];

        Assert.Equal([FindingKind.UnknownFile], Verified.Of(ledger, files).Kinds);
    }
}
