using Stoa.Ledger.Verification;

namespace Stoa.Ledger.Tests.Verification;

/// <summary>What a verifier said.</summary>
internal sealed record Verified(IReadOnlyList<Finding> Findings, VerifySummary Summary)
{
    public bool IsTampered => Findings.Any(f => f.IsTampering);

    public static Verified Of(IReadOnlyDictionary<string, byte[]> files, VerifyOptions options)
    {
        var findings = new List<Finding>();
        var summary = new LedgerVerifier(new MemorySource(files), options, findings.Add).Run(null, TestContext.Current.CancellationToken);
        return new(findings, summary);
    }

    public static Verified Of(SampleLedger ledger, IReadOnlyDictionary<string, byte[]>? files = null) => Of(files ?? ledger.Files, new() { Keys = [ledger.Key] });

    public FindingKind[] Kinds => [.. Findings.Select(f => f.Kind)];

    public string Told => string.Join('\n', Findings.Select(f => f.ToString()));
}
