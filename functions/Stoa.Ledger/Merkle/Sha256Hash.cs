using System.Buffers;
using System.Runtime.InteropServices;

namespace Stoa.Ledger.Merkle;

/// <summary>A SHA-256 value: 32 bytes, written as 64 lower-case hex digits in records and as base64 in checkpoints.</summary>
internal readonly record struct Sha256Hash
{
    public const int Size = 32;

    public const int HexLength = 2 * Size;

    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdef"u8);

    private readonly ulong _a;
    private readonly ulong _b;
    private readonly ulong _c;
    private readonly ulong _d;

    public Sha256Hash(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
        {
            throw new ArgumentException($"A SHA-256 hash has {Size} bytes, not {bytes.Length}.", nameof(bytes));
        }

        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        (_a, _b, _c, _d) = (words[0], words[1], words[2], words[3]);
    }

    public void CopyTo(Span<byte> destination)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(destination[..Size]);
        (words[0], words[1], words[2], words[3]) = (_a, _b, _c, _d);
    }

    public byte[] ToBytes()
    {
        var bytes = new byte[Size];
        CopyTo(bytes);
        return bytes;
    }

    public static bool TryParseHex(ReadOnlySpan<byte> text, out Sha256Hash hash)
    {
        hash = default;
        if (text.Length != HexLength || text.ContainsAnyExcept(HexDigits))
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[Size];
        Convert.FromHexString(text, bytes, out _, out _);
        hash = new(bytes);
        return true;
    }

    public static bool TryParseBase64(string text, out Sha256Hash hash)
    {
        hash = default;
        Span<byte> bytes = stackalloc byte[Size];
        if (!Convert.TryFromBase64String(text, bytes, out var written) || written != Size)
        {
            return false;
        }

        hash = new(bytes);
        return hash.ToBase64() == text;
    }

    public string ToBase64()
    {
        Span<byte> bytes = stackalloc byte[Size];
        CopyTo(bytes);
        return Convert.ToBase64String(bytes);
    }

    /// <summary>Hex, as in records.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        CopyTo(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
