using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;

namespace Stoa.Gateway.Keys;

/// <summary>
/// Seals what nobody else may read: AES-256-GCM under a key per purpose, bound to a place (for example tenant, uid, key) so that a sealed
/// value moved elsewhere does not open. Opens for ever.
/// </summary>
internal sealed class Sealer(KeyRing ring)
{
    private const byte Format = 2;

    public async ValueTask<string> SealAsync(string purpose, IReadOnlyList<string> place, ReadOnlyMemory<byte> plain, CancellationToken ct)
    {
        var key = await ring.CurrentAsync(ct);
        var bytes = new byte[TokenText.HeaderSize + GcmBox.Overhead + plain.Length];
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes.Length, TokenText.MaxBytes, nameof(plain));
        TokenText.WriteHeader(bytes, Format, key.Id);
        GcmBox.Lock(
            key.For(KeyDomain.Seal, purpose),
            plain.Span,
            AssociatedData(bytes.AsSpan(0, TokenText.HeaderSize), place),
            bytes.AsSpan(TokenText.HeaderSize));
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>The plain bytes, or null when this was not sealed here for this purpose and place, or was altered.</summary>
    public async ValueTask<byte[]?> OpenAsync(string purpose, IReadOnlyList<string> place, string token, CancellationToken ct)
    {
        if (TokenText.Decode(token, Format, GcmBox.Overhead, out var id) is not { } bytes
            || await ring.FindAsync(id, KeyUse.Open, ct) is not { } key)
        {
            return null;
        }

        return GcmBox.Unlock(
            key.For(KeyDomain.Seal, purpose),
            bytes.AsSpan(TokenText.HeaderSize),
            AssociatedData(bytes.AsSpan(0, TokenText.HeaderSize), place));
    }

    // Each part is preceded by its length: otherwise ("ab", "c") and ("a", "bc") would be one place.
    private static byte[] AssociatedData(ReadOnlySpan<byte> header, IReadOnlyList<string> place)
    {
        var data = new byte[header.Length + place.Sum(part => sizeof(int) + Encoding.UTF8.GetByteCount(part))];
        header.CopyTo(data);
        var rest = data.AsSpan(header.Length);
        foreach (var part in place)
        {
            var written = Encoding.UTF8.GetBytes(part, rest[sizeof(int)..]);
            BinaryPrimitives.WriteInt32BigEndian(rest, written);
            rest = rest[(sizeof(int) + written)..];
        }

        return data;
    }
}
