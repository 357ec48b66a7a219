using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Stoa.Ledger.Checkpoints;

/// <summary>What a signature of a note is worth under one key.</summary>
internal enum SignatureVerdict
{
    /// <summary>No signature is by this key.</summary>
    UnknownKey,

    Wrong,

    Good,
}

/// <summary>
/// A public key that signs notes: C2SP signature type 0x02, ECDSA on P-256 over the SHA-256 of the text, signatures in DER. Its id is
/// the first four bytes of the SHA-256 of the key's SubjectPublicKeyInfo.
/// </summary>
internal sealed class NoteKey : IDisposable
{
    private const byte EcdsaType = 0x02;
    private const string P256 = "1.2.840.10045.3.1.7";

    private readonly ECDsa _key;
    private readonly byte[] _publicKey;

    /// <summary>Takes a SubjectPublicKeyInfo.</summary>
    /// <exception cref="CryptographicException">It is not a public key on P-256.</exception>
    public NoteKey(ReadOnlySpan<byte> subjectPublicKeyInfo)
    {
        _key = ECDsa.Create();
        _key.ImportSubjectPublicKeyInfo(subjectPublicKeyInfo, out var read);
        if (read != subjectPublicKeyInfo.Length || _key.ExportParameters(includePrivateParameters: false).Curve.Oid.Value != P256)
        {
            throw new CryptographicException("The key is not an ECDSA key on the curve P-256.");
        }

        _publicKey = _key.ExportSubjectPublicKeyInfo();
        Id = BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(_publicKey));
    }

    public uint Id { get; }

    /// <summary>The log that it speaks for, where it came as a verifier key; null when it speaks for any that it signs.</summary>
    private string? Name { get; init; }

    /// <summary>Reads <c>-----BEGIN PUBLIC KEY-----</c>, or a verifier key as <see cref="ToVerifierKey"/> writes it.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out NoteKey? key)
    {
        key = null;
        try
        {
            key = PemEncoding.TryFind(text, out var pem) && text[pem.Label] == "PUBLIC KEY"
                ? new(Convert.FromBase64String(text[pem.Base64Data]))
                : FromVerifierKey(text.Trim());
        }
        catch (CryptographicException)
        {
            // Not a key, or not of this kind.
        }

        return key is not null;
    }

    public static NoteKey Of(ECDsa key) => new(key.ExportSubjectPublicKeyInfo());

    public string ToPem() => PemEncoding.WriteString("PUBLIC KEY", _publicKey) + "\n";

    /// <summary>name+id+base64(0x02 || SubjectPublicKeyInfo)</summary>
    public string ToVerifierKey(string name) => $"{name}+{Id.ToString("x8", CultureInfo.InvariantCulture)}+{Convert.ToBase64String([EcdsaType, .. _publicKey])}";

    /// <summary>Looks for a signature with this key's id in this name, which must be its own if it has one; the verdict on it. All of them must be good.</summary>
    public SignatureVerdict Judge(SignedNote note, string name)
    {
        var own = note.Signatures.Where(s => s.KeyId == Id && s.Name == name && (Name ?? name) == name).ToArray();
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(note.Text));
        return own.Length == 0 ? SignatureVerdict.UnknownKey
            : own.All(s => _key.VerifyHash(digest, s.Signature.Span, DSASignatureFormat.Rfc3279DerSequence)) ? SignatureVerdict.Good
            : SignatureVerdict.Wrong;
    }

    public void Dispose() => _key.Dispose();

    private static NoteKey? FromVerifierKey(string text)
    {
        var buffer = new byte[text.Length];
        if (text.Split('+', 3) is not [var name, var id, var base64] || !SignedNote.IsKeyName(name)
            || !Convert.TryFromBase64String(base64, buffer, out var length) || length < 2 || buffer[0] != EcdsaType)
        {
            return null;
        }

        var key = new NoteKey(buffer.AsSpan(1, length - 1)) { Name = name };
        if (key.Id.ToString("x8", CultureInfo.InvariantCulture) == id)
        {
            return key;
        }

        key.Dispose();
        return null;
    }
}
