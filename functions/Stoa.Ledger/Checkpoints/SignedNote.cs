using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;

namespace Stoa.Ledger.Checkpoints;

/// <summary>A C2SP signed note: a text that ends in a line end, an empty line, and signature lines.</summary>
internal sealed class SignedNote(string text, IReadOnlyList<NoteSignature> signatures)
{
    /// <summary>A note has at least one signature and is not read when it has more than this.</summary>
    public const int MaxSignatures = 16;

    private static readonly SearchValues<byte> ControlCharacters = SearchValues.Create([.. Enumerable.Range(0, 0x20).Where(c => c != '\n').Select(c => (byte)c)]);

    private const string SignaturePrefix = "— ";
    private const int KeyIdLength = 4;

    /// <summary>What is signed, the last line end included.</summary>
    public string Text => text;

    public IReadOnlyList<NoteSignature> Signatures => signatures;

    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out SignedNote? note)
    {
        note = null;
        if (!Utf8.IsValid(bytes) || bytes.ContainsAny(ControlCharacters))
        {
            return false;
        }

        var all = Encoding.UTF8.GetString(bytes);
        var split = all.LastIndexOf("\n\n", StringComparison.Ordinal);
        if (split < 0 || !all.EndsWith('\n'))
        {
            return false;
        }

        var lines = all[(split + 2)..].Split('\n')[..^1];
        var signatures = lines.Select(ParseLine).OfType<NoteSignature>().ToArray();
        if (signatures.Length is 0 or > MaxSignatures || signatures.Length != lines.Length)
        {
            return false;
        }

        note = new(all[..(split + 1)], signatures);
        return true;
    }

    public byte[] ToBytes()
    {
        var lines = signatures.Select(signature =>
        {
            var bytes = new byte[KeyIdLength + signature.Signature.Length];
            BinaryPrimitives.WriteUInt32BigEndian(bytes, signature.KeyId);
            signature.Signature.CopyTo(bytes.AsMemory(KeyIdLength));
            return $"{SignaturePrefix}{signature.Name} {Convert.ToBase64String(bytes)}\n";
        });
        return Encoding.UTF8.GetBytes($"{text}\n{string.Concat(lines)}");
    }

    /// <summary>Names of keys: not empty, without spaces and plus signs.</summary>
    public static bool IsKeyName(string name) => name.Length > 0 && !name.Any(c => c is '+' || char.IsWhiteSpace(c));

    private static NoteSignature? ParseLine(string line)
    {
        if (!line.StartsWith(SignaturePrefix, StringComparison.Ordinal) || line[SignaturePrefix.Length..].Split(' ') is not [var name, var base64] || !IsKeyName(name))
        {
            return null;
        }

        var bytes = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, bytes, out var length) || length <= KeyIdLength || Convert.ToBase64String(bytes, 0, length) != base64)
        {
            return null;
        }

        return new(name, BinaryPrimitives.ReadUInt32BigEndian(bytes), bytes.AsMemory(KeyIdLength, length - KeyIdLength));
    }
}
