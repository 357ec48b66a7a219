using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text;

namespace Stoa.Ledger.Checkpoints;

/// <summary>
/// Signs a SHA-256 digest with a P-256 key and answers r || s, 32 bytes each: what Key Vault's ES256 and <see cref="ECDsa.SignHash(byte[])"/> give.
/// </summary>
internal delegate ValueTask<byte[]> DigestSigner(ReadOnlyMemory<byte> digest, CancellationToken ct);

/// <summary>Signs notes in a log's name with a key that may live elsewhere.</summary>
internal sealed class NoteSigner(string name, NoteKey key, DigestSigner sign)
{
    private const int FieldBytes = 32;

    public async ValueTask<SignedNote> SignAsync(string text, CancellationToken ct)
    {
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        var signature = await sign(digest, ct);
        var note = new SignedNote(text, [new NoteSignature(name, key.Id, ToDer(signature))]);
        return key.Judge(note, name) is SignatureVerdict.Good ? note : throw new CryptographicException("What signs checkpoints does not sign with the key that is published.");
    }

    private static byte[] ToDer(byte[] signature)
    {
        if (signature.Length != 2 * FieldBytes)
        {
            throw new CryptographicException($"A P-256 signature has {2 * FieldBytes} bytes, not {signature.Length}.");
        }

        var der = new AsnWriter(AsnEncodingRules.DER);
        using (der.PushSequence())
        {
            der.WriteIntegerUnsigned(Minimal(signature.AsSpan(0, FieldBytes)));
            der.WriteIntegerUnsigned(Minimal(signature.AsSpan(FieldBytes)));
        }

        return der.Encode();
    }

    private static ReadOnlySpan<byte> Minimal(ReadOnlySpan<byte> number) => number.TrimStart((byte)0) is { Length: > 0 } digits ? digits : number[..1];
}
