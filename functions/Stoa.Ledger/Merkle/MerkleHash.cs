using System.Buffers;
using System.Security.Cryptography;

namespace Stoa.Ledger.Merkle;

/// <summary>The two hashes of RFC 6962, section 2.1: of a leaf and of an inner node, kept apart by their first byte.</summary>
internal static class MerkleHash
{
    private const byte LeafPrefix = 0x00;
    private const byte NodePrefix = 0x01;

    /// <summary>The hash of a tree without leaves.</summary>
    public static Sha256Hash Empty { get; } = Sha256([]);

    /// <summary>SHA-256(0x00 || leaf).</summary>
    public static Sha256Hash Leaf(ReadOnlySpan<byte> leaf)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(leaf.Length + 1);
        buffer[0] = LeafPrefix;
        leaf.CopyTo(buffer.AsSpan(1));
        var hash = Sha256(buffer.AsSpan(0, leaf.Length + 1));
        ArrayPool<byte>.Shared.Return(buffer);
        return hash;
    }

    /// <summary>SHA-256(0x01 || left || right).</summary>
    public static Sha256Hash Node(in Sha256Hash left, in Sha256Hash right)
    {
        Span<byte> buffer = stackalloc byte[1 + (2 * Sha256Hash.Size)];
        buffer[0] = NodePrefix;
        left.CopyTo(buffer[1..]);
        right.CopyTo(buffer[(1 + Sha256Hash.Size)..]);
        return Sha256(buffer);
    }

    public static Sha256Hash Sha256(ReadOnlySpan<byte> data)
    {
        Span<byte> hash = stackalloc byte[Sha256Hash.Size];
        SHA256.HashData(data, hash);
        return new(hash);
    }
}
