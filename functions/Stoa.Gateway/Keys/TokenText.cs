using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;

namespace Stoa.Gateway.Keys;

/// <summary>
/// The outer form of everything the ring makes: base64url without padding of format (1 byte), key id (4 bytes, big-endian), rest. Only
/// the one canonical spelling is accepted, so that a token can serve as the key of a replay cache.
/// </summary>
internal static class TokenText
{
    public const int HeaderSize = 5;
    public const int MaxBytes = 64 * 1024;

    public static void WriteHeader(Span<byte> bytes, byte format, uint keyId)
    {
        bytes[0] = format;
        BinaryPrimitives.WriteUInt32BigEndian(bytes[1..], keyId);
    }

    /// <summary>The token's bytes and key id, or null when this is no token of that format.</summary>
    public static byte[]? Decode(ReadOnlySpan<char> token, byte format, int leastRest, out uint keyId)
    {
        keyId = 0;
        var length = token.Length / 4 * 3 + (token.Length % 4) switch { 2 => 1, 3 => 2, 0 => 0, _ => -1 };
        if (token.Length % 4 == 1 || length < HeaderSize + leastRest || length > MaxBytes)
        {
            return null;
        }

        // The decoder skips white space, which leaves fewer bytes than the length promises. (Its Try form throws on foreign characters.)
        var bytes = new byte[length];
        if (Base64Url.DecodeFromChars(token, bytes, out _, out var written) is not OperationStatus.Done
            || written != length
            || bytes[0] != format
            || !IsCanonical(token, bytes))
        {
            return null;
        }

        keyId = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(1));
        return bytes;
    }

    // The last character of a partial group has bits to spare, and only zeros there are canonical.
    private static bool IsCanonical(ReadOnlySpan<char> token, ReadOnlySpan<byte> bytes)
    {
        var tail = bytes.Length % 3;
        if (tail == 0)
        {
            return true;
        }

        Span<char> expected = stackalloc char[4];
        var chars = Base64Url.EncodeToChars(bytes[^tail..], expected);
        return token.EndsWith(expected[..chars]);
    }
}
