using Stoa.Ledger.Merkle;
using Stoa.Ledger.Records;

namespace Stoa.Ledger.Tests.Verification;

/// <summary>A record as it was written, and where: the n-th of its instance, in which blob, where in it, which leaf (-1 when not sealed).</summary>
internal sealed record SampleRecord(InstanceId Instance, long Sequence, string Blob, long Offset, byte[] Line, Sha256Hash Leaf, string Id)
{
    public long Index { get; set; } = -1;

    /// <summary>Bytes with the line's end.</summary>
    public int Length => Line.Length + 1;
}
