using Stoa.Ledger.Checkpoints;
using Stoa.Ledger.Verification;

namespace Stoa.Ledger.Tests.Verification;

/// <summary>One thing done to a ledger, and which finding names the right place.</summary>
internal sealed record Mutation(string What, IReadOnlyDictionary<string, byte[]> Files, Func<Finding, bool> IsRight)
{
    /// <summary>A checkpoint that the verifier kept from before.</summary>
    public Checkpoint? Kept { get; init; }

    /// <summary>A finding names a record: as its place, or, where nothing but the root speaks for it, as one of those it can be.</summary>
    public static bool Names(Finding finding, SampleRecord record) => finding.IsTampering
        && ((finding.File == record.Blob && finding.Sequence == record.Sequence) || finding.Suspects.Contains((record.Blob, record.Sequence)));
}
