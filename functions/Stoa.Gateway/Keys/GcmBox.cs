using System.Security.Cryptography;

namespace Stoa.Gateway.Keys;

/// <summary>AES-256-GCM with a random nonce, laid out as nonce (12), ciphertext, tag (16).</summary>
internal static class GcmBox
{
    public const int KeySize = 32;
    public const int Overhead = NonceSize + TagSize;

    private const int NonceSize = 12;
    private const int TagSize = 16;

    public static byte[] Lock(ReadOnlySpan<byte> key, ReadOnlySpan<byte> plain, ReadOnlySpan<byte> aad)
    {
        var box = new byte[plain.Length + Overhead];
        Lock(key, plain, aad, box);
        return box;
    }

    public static void Lock(ReadOnlySpan<byte> key, ReadOnlySpan<byte> plain, ReadOnlySpan<byte> aad, Span<byte> box)
    {
        var nonce = box[..NonceSize];
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagSize);
        aes.Encrypt(nonce, plain, box[NonceSize..^TagSize], box[^TagSize..], aad);
    }

    /// <summary>Null when the box is not exactly what was locked under this key and this associated data.</summary>
    public static byte[]? Unlock(ReadOnlySpan<byte> key, ReadOnlySpan<byte> box, ReadOnlySpan<byte> aad)
    {
        if (box.Length < Overhead)
        {
            return null;
        }

        var plain = new byte[box.Length - Overhead];
        using var aes = new AesGcm(key, TagSize);
        try
        {
            aes.Decrypt(box[..NonceSize], box[NonceSize..^TagSize], box[^TagSize..], plain, aad);
            return plain;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
