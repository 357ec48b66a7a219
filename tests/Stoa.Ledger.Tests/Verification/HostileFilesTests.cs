using System.Globalization;
using System.Text;
using Stoa.Ledger.Checkpoints;
using Stoa.Ledger.Merkle;
using Stoa.Ledger.Records;
using Stoa.Ledger.Verification;

namespace Stoa.Ledger.Tests.Verification;

/// <summary>Files that were made to break the verifier, or to slip by it. It says what is wrong, soon, and does not fall over.</summary>
public sealed class HostileFilesTests
{
    private const string Huge = "9000000000000000000";

    [Theory]
    [InlineData("[]")]
    [InlineData("nothing")]
    public async Task A_checkpoint_of_any_size_that_somebody_put_there_does_not_keep_the_verifier(string list)
    {
        var ledger = SampleLedger.Lived(30, 700);
        var files = ledger.Files;
        files[$"checkpoints/{Huge}"] = "none"u8.ToArray();
        files[$"segments/{Huge}"] = Encoding.UTF8.GetBytes(list);

        var verified = await Task.Run(() => Verified.Of(ledger, files), TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        Assert.Contains(verified.Findings, f => f.Kind is FindingKind.CheckpointMalformed && f.File == $"checkpoints/{Huge}");
        Assert.DoesNotContain(verified.Findings, f => f.Kind is FindingKind.AlteredRecord or FindingKind.RootDiffers);
        Assert.Equal(ledger.Records.Count, verified.Summary.Records);
    }

    [Fact]
    public void A_segment_list_with_more_records_than_can_be_counted_is_none()
    {
        var ledger = SampleLedger.Lived(31, 100);
        var files = ledger.Files;
        var first = SegmentList.NameOf(ledger.Checkpoints[0].Size);
        var segment = $$"""{"blob":"{{ledger.Records[0].Blob}}","count":{{Huge}},"firstSeq":0,"from":0,"to":{{Huge}}}""";
        files[first] = Encoding.UTF8.GetBytes($"[{segment},{segment}]");
        var name = Checkpoint.NameOf(ledger.Checkpoints[0].Size);
        files[name] = ledger.Sign((ledger.Checkpoints[0] with { Segments = SegmentList.HashOf(files[first]) }).ToText());

        Assert.Contains(Verified.Of(ledger, files).Findings, f => f.Kind is FindingKind.SegmentListDiffers && f.File == first);
    }

    /// <param name="isThere">Whether the blob is.</param>
    /// <param name="from">Verified are the blobs from here on.</param>
    [Theory]
    [InlineData(true, null)]
    [InlineData(false, null)]
    [InlineData(false, "2026-06-01T00:00:00Z")]
    public async Task A_list_of_more_records_than_any_file_holds_does_not_keep_the_verifier(bool isThere, string? from)
    {
        var ledger = SampleLedger.Lived(37, 700);
        var files = ledger.Files;
        var blob = isThere ? ledger.Records[^1].Blob : $"ledger/2026/05/01/00/00/{new InstanceId(9)}-0.jsonl";
        var (first, count) = (ledger.Checkpoints[^1].Size, long.Parse(Huge, CultureInfo.InvariantCulture));
        var size = first + count + 256;
        files[Checkpoint.NameOf(size)] = "none"u8.ToArray();
        files[SegmentList.NameOf(size)] = Encoding.UTF8.GetBytes($$"""[{"blob":"{{blob}}","count":{{Huge}},"firstSeq":0,"from":0,"to":{{Huge}}},{"blob":"{{blob}}","count":256,"firstSeq":{{Huge}},"from":{{Huge}},"to":9000000000001000000}]""");
        foreach (var leaf in from is null ? [] : (long[])[first, first + count - 1])
        {
            // What is not read is taken as its tiles say.
            files[new TilePath(0, leaf / TilePath.FullWidth, TilePath.FullWidth).ToString()] = new byte[TilePath.FullBytes];
        }

        var options = new VerifyOptions { Keys = [ledger.Key], From = from is null ? null : DateTimeOffset.Parse(from, CultureInfo.InvariantCulture) };

        var verified = await Task.Run(() => Verified.Of(files, options), TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        Assert.Contains(verified.Findings, f => f.Kind is FindingKind.CheckpointMalformed && f.File == Checkpoint.NameOf(size));
        Assert.InRange(verified.Findings.Count, 1, 10_000);
    }

    [Fact]
    public void Segments_of_wrong_bytes_are_told_whoever_signed_them()
    {
        var ledger = SampleLedger.Lived(32, 600);
        var files = ledger.Files;
        var record = ledger.Records[0];
        var size = ledger.Checkpoints[0].Size;
        Assert.True(SegmentList.TryParse(files[SegmentList.NameOf(size)], out var list));
        var wrong = new SegmentList([list.Segments[0] with { To = long.MaxValue / 1_000_000 * 1_000_000 }, .. list.Segments.Skip(1)]).ToBytes();
        files[SegmentList.NameOf(size)] = wrong;
        files[Checkpoint.NameOf(size)] = ledger.Sign((ledger.Checkpoints[0] with { Segments = SegmentList.HashOf(wrong) }).ToText());

        Assert.Contains(Verified.Of(ledger, files).Findings, f => f.Kind is FindingKind.SegmentListDiffers && f.File == list.Segments[0].Blob);
        Assert.Equal(0, record.Index);
    }

    [Fact]
    public void A_record_after_the_close_is_told_though_it_was_sealed()
    {
        var ledger = new SampleLedger(33);
        var writer = ledger.Start();
        writer.Close();
        var last = writer.Write("event", "");
        ledger.Seal();

        var finding = Assert.Single(Verified.Of(ledger).Findings);

        Assert.Equal((FindingKind.Fork, last.Sequence, last.Offset), (finding.Kind, finding.Sequence, finding.Offset));
    }

    [Theory]
    [InlineData("ledger/9999/12/31/23/50/")]
    [InlineData("ledger/0001/01/01/00/00/")]
    public void A_blob_at_the_end_of_time_is_read_like_any_other(string slot)
    {
        var ledger = SampleLedger.Lived(34, 300);
        var files = ledger.Files;
        var blob = $"{slot}{new InstanceId(9)}-0.jsonl";
        files[blob] = "{}\n"u8.ToArray();

        Assert.Contains(Verified.Of(ledger, files).Findings, f => f.File == blob);
        Assert.DoesNotContain(Verified.Of(files, new() { Keys = [ledger.Key], From = ledger.Now.AddDays(-1), To = ledger.Now.AddDays(1) }).Findings, f => f.File == blob);
    }

    [Theory]
    [InlineData("0001-01-01T00:10:00.000000Z")]
    [InlineData("9999-12-31T23:59:59.999999Z")]
    public void Records_of_the_ends_of_time_are_times_like_others(string time)
    {
        var ledger = new SampleLedger(35) { Now = DateTimeOffset.Parse(time, CultureInfo.InvariantCulture) };
        var writer = ledger.Start();
        writer.Begin();
        ledger.Seal();

        Assert.Equal("", Verified.Of(ledger).Told);
    }

    [Fact]
    public void Links_that_lead_in_circles_are_not_followed()
    {
        var ledger = SampleLedger.Lived(36, 100);
        var folder = Directory.CreateTempSubdirectory("stoa-ledger-").FullName;
        try
        {
            foreach (var (name, content) in ledger.Files)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, name))!);
                File.WriteAllBytes(Path.Combine(folder, name), content);
            }

            Directory.CreateSymbolicLink(Path.Combine(folder, "ledger", "a"), folder);
            Directory.CreateSymbolicLink(Path.Combine(folder, "ledger", "b"), folder);
            var findings = new List<Finding>();
            new LedgerVerifier(new FolderSource(folder), new() { Keys = [ledger.Key] }, findings.Add).Run(null, TestContext.Current.CancellationToken);

            Assert.Empty(findings);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
