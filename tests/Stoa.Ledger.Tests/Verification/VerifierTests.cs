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
}
