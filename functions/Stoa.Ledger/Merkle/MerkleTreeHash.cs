using System.Numerics;

namespace Stoa.Ledger.Merkle;

/// <summary>The hash of the complete subtree of 2^level leaves, the index-th of its level.</summary>
internal delegate Sha256Hash NodeSource(int level, long index);

/// <summary>MTH of RFC 6962, section 2.1, over any range that is a node of a tree.</summary>
internal static class MerkleTreeHash
{
    /// <summary>MTH(D[start:end]). The range is a subtree: <paramref name="start"/> is a multiple of the smallest power of two that holds it.</summary>
    public static Sha256Hash Of(NodeSource nodes, long start, long end)
    {
        var n = end - start;
        if (n == 0)
        {
            return MerkleHash.Empty;
        }

        if (long.IsPow2(n))
        {
            var level = BitOperations.Log2((ulong)n);
            return nodes(level, start >> level);
        }

        var k = Split(n);
        return MerkleHash.Node(Of(nodes, start, start + k), Of(nodes, start + k, end));
    }

    /// <summary>The k of the RFC: the largest power of two smaller than n.</summary>
    public static long Split(long n) => 1L << BitOperations.Log2((ulong)(n - 1));

    /// <summary>Whether leaves [start, end) are under one node of every tree that holds them (draft-ietf-plants-merkle-tree-certs, section 4.1).</summary>
    public static bool IsSubtree(long start, long end) =>
        start >= 0 && start < end && (start == 0 || start % (long)BitOperations.RoundUpToPowerOf2((ulong)(end - start)) == 0);
}
