namespace Stoa.Ledger.Merkle;

/// <summary>Sees every complete subtree as it comes to be: of 2^level leaves, the index-th of its level.</summary>
internal delegate void NodeSeen(int level, long index, in Sha256Hash hash);

/// <summary>
/// The frontier of a growing tree: the roots of its largest complete subtrees, one for each 1 bit of its size. Enough to append leaves and
/// to know the root, and never more than 63 hashes.
/// </summary>
internal sealed class CompactRange
{
    private readonly Sha256Hash[] _roots;

    public CompactRange()
        : this(0, new Sha256Hash[63])
    {
    }

    private CompactRange(long size, Sha256Hash[] roots) => (Size, _roots) = (size, roots);

    /// <summary>How many leaves there are.</summary>
    public long Size { get; private set; }

    /// <summary>The frontier of a tree that exists.</summary>
    public static CompactRange Of(long size, NodeSource nodes)
    {
        var roots = new Sha256Hash[63];
        for (var level = 0; size >> level > 0; level++)
        {
            if ((size >> level & 1) == 1)
            {
                roots[level] = nodes(level, (size >> level) - 1);
            }
        }

        return new(size, roots);
    }

    public CompactRange Copy() => new(Size, [.. _roots]);

    public void Append(in Sha256Hash leaf, NodeSeen? seen = null)
    {
        var node = leaf;
        var level = 0;
        seen?.Invoke(level, Size, node);
        for (; (Size >> level & 1) == 1; level++)
        {
            node = MerkleHash.Node(_roots[level], node);
            seen?.Invoke(level + 1, Size >> (level + 1), node);
        }

        _roots[level] = node;
        Size++;
    }

    /// <summary>MTH(D[0:Size]) of RFC 6962, section 2.1.</summary>
    public Sha256Hash Root()
    {
        Sha256Hash? root = null;
        for (var level = 0; Size >> level > 0; level++)
        {
            if ((Size >> level & 1) == 1)
            {
                root = root is { } right ? MerkleHash.Node(_roots[level], right) : _roots[level];
            }
        }

        return root ?? MerkleHash.Empty;
    }
}
