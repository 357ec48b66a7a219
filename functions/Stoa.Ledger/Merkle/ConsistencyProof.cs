namespace Stoa.Ledger.Merkle;

/// <summary>
/// Shows that a tree begins with an older one (RFC 9162, section 2.1.4), or holds a subtree [start, end)
/// (draft-ietf-plants-merkle-tree-certs, section 4.4). The first is the second with start 0.
/// </summary>
internal static class ConsistencyProof
{
    /// <summary>PROOF(size1, D[0:size2]).</summary>
    public static IReadOnlyList<Sha256Hash> Make(NodeSource nodes, long size1, long size2)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size1, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size1, size2);
        return MakeForSubtree(nodes, 0, size1, size2);
    }

    /// <summary>SUBTREE_PROOF(start, end, D[0:size]).</summary>
    public static IReadOnlyList<Sha256Hash> MakeForSubtree(NodeSource nodes, long start, long end, long size)
    {
        var proof = new List<Sha256Hash>();
        var (from, to, known) = (0L, size, true);
        while ((start, end) != (from, to))
        {
            var middle = from + MerkleTreeHash.Split(to - from);
            if (end <= middle)
            {
                proof.Add(MerkleTreeHash.Of(nodes, middle, to));
                to = middle;
                continue;
            }

            proof.Add(MerkleTreeHash.Of(nodes, from, middle));
            from = middle;
            if (start < middle)
            {
                // The subtree's left part is that node; what is left to show is its right part, which nobody knows by itself.
                (start, known) = (middle, false);
            }
        }

        if (!known)
        {
            proof.Add(MerkleTreeHash.Of(nodes, from, to));
        }

        proof.Reverse();
        return proof;
    }

    /// <summary>Whether the tree of size1 and root1 is how that of size2 and root2 began. Of an empty tree nothing can be shown: anything begins so.</summary>
    public static bool Verify(long size1, long size2, Sha256Hash root1, Sha256Hash root2, IReadOnlyList<Sha256Hash> proof)
    {
        if (size1 < 0 || size1 > size2 || (size1 == 0 && size2 > 0))
        {
            return false;
        }

        return (size1 < size2 || root1 == root2) && VerifyForSubtree(0, size1, size2, root1, root2, proof);
    }

    /// <summary>Whether the tree of this size and root holds leaves [start, end) with the hash <paramref name="subtree"/>.</summary>
    public static bool VerifyForSubtree(long start, long end, long size, Sha256Hash subtree, Sha256Hash root, IReadOnlyList<Sha256Hash> proof)
    {
        if (start == end)
        {
            return start >= 0 && end <= size && proof.Count == 0 && subtree == MerkleHash.Empty;
        }

        if (!MerkleTreeHash.IsSubtree(start, end) || end > size)
        {
            return false;
        }

        var (fn, sn, tn) = (start, end - 1, size - 1);
        while (fn != sn && (sn == tn || (sn & 1) == 1))
        {
            (fn, sn, tn) = (fn >> 1, sn >> 1, tn >> 1);
        }

        var next = 0;
        var (fr, sr) = (subtree, subtree);
        if (fn != sn)
        {
            if (proof.Count == 0)
            {
                return false;
            }

            (fr, sr, next) = (proof[0], proof[0], 1);
        }

        for (; next < proof.Count; next++)
        {
            if (tn == 0)
            {
                return false;
            }

            var c = proof[next];
            if ((sn & 1) == 1 || sn == tn)
            {
                fr = fn < sn ? MerkleHash.Node(c, fr) : fr;
                sr = MerkleHash.Node(c, sr);
                while ((sn & 1) == 0 && sn != 0)
                {
                    (fn, sn, tn) = (fn >> 1, sn >> 1, tn >> 1);
                }
            }
            else
            {
                sr = MerkleHash.Node(sr, c);
            }

            (fn, sn, tn) = (fn >> 1, sn >> 1, tn >> 1);
        }

        return tn == 0 && fr == subtree && sr == root;
    }
}
