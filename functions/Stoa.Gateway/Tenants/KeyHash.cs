using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Stoa.Gateway.Tenants;

/// <summary>SHA-256 of a presented credential as a value, so that looking a caller up allocates nothing.</summary>
internal readonly record struct KeyHash(ulong A, ulong B, ulong C, ulong D)
{
    public static KeyHash Of(ReadOnlySpan<char> credential)
    {
        Span<byte> utf8 = stackalloc byte[512];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(utf8[..Encoding.UTF8.GetBytes(credential, utf8)], hash);
        return new(
            BinaryPrimitives.ReadUInt64BigEndian(hash),
            BinaryPrimitives.ReadUInt64BigEndian(hash[8..]),
            BinaryPrimitives.ReadUInt64BigEndian(hash[16..]),
            BinaryPrimitives.ReadUInt64BigEndian(hash[24..]));
    }

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static KeyHash Parse(string hex) => new(Part(hex, 0), Part(hex, 16), Part(hex, 32), Part(hex, 48));

    /// <summary>Lower-case hex, the storage key.</summary>
    public override string ToString() => $"{A:x16}{B:x16}{C:x16}{D:x16}";

    private static ulong Part(string hex, int at) => ulong.Parse(hex.AsSpan(at, 16), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
