using Stoa.Ledger.Merkle;

namespace Stoa.Ledger.Tests.Merkle;

/// <summary>Trees of made-up leaves, hashed as RFC 6962 defines it and in no other way: what everything else is compared with.</summary>
internal static class Leaves
{
    public static Sha256Hash[] Hashes(long count) => [.. Enumerable.Range(0, (int)count).Select(i => MerkleHash.Leaf(BitConverter.GetBytes(i)))];

    /// <summary>MTH(D[n]), word by word.</summary>
    public static Sha256Hash Root(ReadOnlySpan<Sha256Hash> d)
    {
        if (d.Length <= 1)
        {
            return d.Length == 0 ? MerkleHash.Empty : d[0];
        }

        var k = 1;
        while (2 * k < d.Length)
        {
            k *= 2;
        }

        return MerkleHash.Node(Root(d[..k]), Root(d[k..]));
    }

    public static NodeSource Nodes(Sha256Hash[] leaves) => (level, index) => Root(leaves.AsSpan((int)(index << level), 1 << level));
}
