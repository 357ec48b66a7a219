namespace Stoa.Ledger.Merkle;

/// <summary>Shows that a leaf is in a tree (RFC 9162, section 2.1.3), or in a subtree [start, end) of one.</summary>
internal static class InclusionProof
{
    /// <summary>PATH(index, D[0:size]).</summary>
    public static IReadOnlyList<Sha256Hash> Make(NodeSource nodes, long index, long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        return MakeInSubtree(nodes, index, 0, size);
    }

    /// <summary>PATH(index - start, D[start:end]).</summary>
    public static IReadOnlyList<Sha256Hash> MakeInSubtree(NodeSource nodes, long index, long start, long end)
    {
        var path = new List<Sha256Hash>();
        while (end - start > 1)
        {
            var middle = start + MerkleTreeHash.Split(end - start);
            if (index < middle)
            {
                path.Add(MerkleTreeHash.Of(nodes, middle, end));
                end = middle;
            }
            else
            {
                path.Add(MerkleTreeHash.Of(nodes, start, middle));
                start = middle;
            }
        }

        path.Reverse();
        return path;
    }

    /// <summary>Whether the proof leads from the leaf to the root (RFC 9162, section 2.1.3.2).</summary>
    public static bool Verify(Sha256Hash leaf, long index, long size, IReadOnlyList<Sha256Hash> proof, Sha256Hash root)
    {
        if (index < 0 || index >= size)
        {
            return false;
        }

        var (fn, sn, r) = (index, size - 1, leaf);
        foreach (var p in proof)
        {
            if (sn == 0)
            {
                return false;
            }

            if ((fn & 1) == 1 || fn == sn)
            {
                r = MerkleHash.Node(p, r);
                while ((fn & 1) == 0 && fn != 0)
                {
                    (fn, sn) = (fn >> 1, sn >> 1);
                }
            }
            else
            {
                r = MerkleHash.Node(r, p);
            }

            (fn, sn) = (fn >> 1, sn >> 1);
        }

        return sn == 0 && r == root;
    }

    /// <summary>The same within the subtree [start, end), whose hash is <paramref name="root"/>.</summary>
    public static bool VerifyInSubtree(Sha256Hash leaf, long index, long start, long end, IReadOnlyList<Sha256Hash> proof, Sha256Hash root) =>
        MerkleTreeHash.IsSubtree(start, end) && index >= start && Verify(leaf, index - start, end - start, proof, root);
}
