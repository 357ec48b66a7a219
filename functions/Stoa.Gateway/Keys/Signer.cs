using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace Stoa.Gateway.Keys;

/// <summary>
/// Signs what travels through callers and need not be hidden from them: payload and HMAC-SHA256 cut to 16 bytes, under a key per
/// purpose. A token of one purpose means nothing to another. It carries no expiry of its own: that is the payload's.
/// </summary>
internal sealed class Signer(KeyRing ring)
{
    private const byte Format = 1;
    private const int MacSize = 16;
    private const int OnStack = 512;

    public ValueTask<string> SignAsync(string purpose, ReadOnlyMemory<byte> payload, CancellationToken ct)
    {
        var key = ring.CurrentAsync(ct);
        return key.IsCompletedSuccessfully ? new(Sign(key.Result, purpose, payload.Span)) : SlowAsync(key, purpose, payload);

        static async ValueTask<string> SlowAsync(ValueTask<RingKey> key, string purpose, ReadOnlyMemory<byte> payload) =>
            Sign(await key, purpose, payload.Span);
    }

    /// <summary>The payload, or null when the token was not made here for this purpose, was altered, or is too old.</summary>
    public ValueTask<ReadOnlyMemory<byte>?> OpenAsync(string purpose, string token, CancellationToken ct)
    {
        if (TokenText.Decode(token, Format, MacSize, out var id) is not { } bytes)
        {
            return default;
        }

        var key = ring.FindAsync(id, KeyUse.Verify, ct);
        return key.IsCompletedSuccessfully ? new(Open(key.Result, purpose, bytes)) : SlowAsync(key, purpose, bytes);

        static async ValueTask<ReadOnlyMemory<byte>?> SlowAsync(ValueTask<RingKey?> key, string purpose, byte[] bytes) =>
            Open(await key, purpose, bytes);
    }

    private static string Sign(RingKey key, string purpose, ReadOnlySpan<byte> payload)
    {
        var length = TokenText.HeaderSize + payload.Length + MacSize;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, TokenText.MaxBytes, nameof(payload));
        var rented = length > OnStack ? ArrayPool<byte>.Shared.Rent(length) : null;
        var bytes = rented is null ? stackalloc byte[OnStack] : rented;
        bytes = bytes[..length];
        TokenText.WriteHeader(bytes, Format, key.Id);
        payload.CopyTo(bytes[TokenText.HeaderSize..]);
        Mac(key, purpose, bytes[..^MacSize], bytes[^MacSize..]);
        var token = Base64Url.EncodeToString(bytes);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return token;
    }

    private static ReadOnlyMemory<byte>? Open(RingKey? key, string purpose, byte[] bytes)
    {
        if (key is null)
        {
            return null;
        }

        Span<byte> expected = stackalloc byte[MacSize];
        Mac(key, purpose, bytes.AsSpan()[..^MacSize], expected);
        if (!CryptographicOperations.FixedTimeEquals(expected, bytes.AsSpan()[^MacSize..]))
        {
            // Not as a conditional expression: there null would be an empty array, and so an empty payload that opened.
            return null;
        }

        return bytes.AsMemory()[TokenText.HeaderSize..^MacSize];
    }

    private static void Mac(RingKey key, string purpose, ReadOnlySpan<byte> signed, Span<byte> mac)
    {
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key.For(KeyDomain.Sign, purpose), signed, whole);
        whole[..MacSize].CopyTo(mac);
    }
}
