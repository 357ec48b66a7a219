using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Stoa.Gateway.Audit.Records;
using Stoa.Ledger.Canonical;
using Stoa.Ledger.Merkle;

namespace Stoa.Gateway.Audit.Subjects;

/// <summary>Hashes contents so that only who has the key can tell what they were: a plain hash of a small secret is easily guessed.</summary>
internal sealed class SubjectKey(byte[] key)
{
    public const int Size = 32;

    /// <summary>HMAC-SHA256 of the bytes as they are.</summary>
    public Fingerprint Of(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[Sha256Hash.Size];
        HMACSHA256.HashData(key, content, hash);
        return new(new(hash), content.Length);
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
