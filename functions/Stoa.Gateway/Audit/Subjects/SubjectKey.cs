using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Stoa.Gateway.Audit.Records;
using Stoa.Gateway.Kernel;
using Stoa.Ledger.Canonical;
using Stoa.Ledger.Merkle;

namespace Stoa.Gateway.Audit.Subjects;

/// <summary>
/// Hashes contents so that only who has the key can tell what they were: a plain hash of a small secret is easily guessed. Seals those that a
/// tenant wants kept (AES-256-GCM under a key of its own, made of this one by HKDF-SHA256).
/// </summary>
internal sealed class SubjectKey(byte[] key)
{
    public const int Size = 32;

    /// <summary>Bytes that a sealed content has beside the content: nonce before, tag behind.</summary>
    public const int SealSize = NonceSize + TagSize;

    private const int NonceSize = 12;
    private const int TagSize = 16;

    // A keyed state is reused: making one costs as much as hashing a small content.
    private IncrementalHash? _hmac;

    private readonly Lazy<byte[]> _sealing = new(() => HKDF.DeriveKey(HashAlgorithmName.SHA256, key, Size, info: "stoa audit content v1"u8.ToArray()));

    /// <summary>HMAC-SHA256 of the bytes as they are.</summary>
    public Fingerprint Of(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[Sha256Hash.Size];
        var hmac = Interlocked.Exchange(ref _hmac, null) ?? IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hmac.AppendData(content);
        hmac.GetHashAndReset(hash);
        Interlocked.Exchange(ref _hmac, hmac)?.Dispose();
        return new(new(hash), content.Length);
    }

    /// <summary>HMAC-SHA256 of a text in UTF-8.</summary>
    public Sha256Hash Of(string text) => Of(Encoding.UTF8.GetBytes(text)).Keyed!.Value;

    /// <summary>HMAC-SHA256 of what comes piece by piece.</summary>
    public GivenContent Begin(int keeps) => new(key, keeps);

    /// <summary>Nonce, content, tag; bound to the record that it stands in.</summary>
    public byte[] Seal(ReadOnlySpan<byte> content, ReadOnlySpan<byte> record)
    {
        var sealedContent = new byte[content.Length + SealSize];
        var nonce = sealedContent.AsSpan(0, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(_sealing.Value, TagSize);
        aes.Encrypt(nonce, content, sealedContent.AsSpan(NonceSize, content.Length), sealedContent.AsSpan(NonceSize + content.Length), record);
        return sealedContent;
    }

    /// <summary>The content; null when it was sealed under another key or for another record, or is damaged.</summary>
    public byte[]? Open(ReadOnlySpan<byte> sealedContent, ReadOnlySpan<byte> record)
    {
        if (sealedContent.Length < SealSize)
        {
            return null;
        }

        var content = new byte[sealedContent.Length - SealSize];
        using var aes = new AesGcm(_sealing.Value, TagSize);
        try
        {
            aes.Decrypt(sealedContent[..NonceSize], sealedContent[NonceSize..^TagSize], sealedContent[^TagSize..], content, record);
            return content;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    /// <summary>HMAC-SHA256 of the value in canonical JSON (RFC 8785); of the text as it came when it has no canonical form, as a number beyond a double has none.</summary>
    public Fingerprint Of(JsonElement value)
    {
        var text = System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(value);
        var canonical = new ArrayBufferWriter<byte>(text.Length);
        try
        {
            CanonicalJson.Write(value, canonical);
        }
        catch (FormatException)
        {
            return Of(text);
        }

        return Of(canonical.WrittenSpan);
    }
}
