using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Stoa.Gateway.Schemas.Json;

/// <summary>
/// A JSON string as unescaped UTF-8, without a <see cref="string"/> and without the exceptions that
/// <see cref="JsonElement.GetString"/> throws on unpaired surrogates: those become three bytes each, as WTF-8 writes them.
/// </summary>
internal ref struct JsonString
{
    /// <summary>What callers may put on the stack; longer text rents.</summary>
    public const int ScratchSize = 256;

    private byte[]? _rented;

    /// <summary>Text between its quotes, as the document spells it, and room for the unescaped form should it need one.</summary>
    public JsonString(ReadOnlySpan<byte> raw, Span<byte> scratch)
    {
        var escape = raw.IndexOf((byte)'\\');
        if (escape < 0)
        {
            Utf8 = raw;
            return;
        }

        // Unescaping never lengthens text: the shortest escape, \n, has two bytes and means one.
        var buffer = raw.Length <= scratch.Length ? scratch : _rented = ArrayPool<byte>.Shared.Rent(raw.Length);
        raw[..escape].CopyTo(buffer);
        Utf8 = buffer[..Unescape(raw, escape, buffer)];
    }

    public ReadOnlySpan<byte> Utf8 { get; }

    /// <summary>A string element's text as the document spells it, without the quotes.</summary>
    public static ReadOnlySpan<byte> Raw(scoped in JsonElement text) => JsonMarshal.GetRawUtf8Value(text)[1..^1];

    /// <summary>A member's name as the document spells it, without the quotes.</summary>
    public static ReadOnlySpan<byte> Raw(scoped in JsonProperty member) => JsonMarshal.GetRawUtf8PropertyName(member);

    /// <summary>Whether text spelled in a document says the same as unescaped UTF-8.</summary>
    public static bool Says(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> utf8)
    {
        if (!raw.Contains((byte)'\\'))
        {
            return raw.SequenceEqual(utf8);
        }

        using var text = new JsonString(raw, stackalloc byte[ScratchSize]);
        return text.Utf8.SequenceEqual(utf8);
    }

    /// <summary>The text as a string; what is no valid Unicode becomes U+FFFD.</summary>
    public static string ToString(ReadOnlySpan<byte> raw)
    {
        using var text = new JsonString(raw, stackalloc byte[ScratchSize]);
        return Encoding.UTF8.GetString(text.Utf8);
    }

    /// <summary>Unescaped bytes of a string element, to keep.</summary>
    public static byte[] ToUtf8(in JsonElement element)
    {
        using var text = new JsonString(Raw(element), stackalloc byte[ScratchSize]);
        return text.Utf8.ToArray();
    }

    /// <summary>Length in Unicode code points, which is what minLength and maxLength count.</summary>
    public static long CountCodePoints(ReadOnlySpan<byte> raw)
    {
        using var text = new JsonString(raw, stackalloc byte[ScratchSize]);
        var count = 0L;
        foreach (var unit in text.Utf8)
        {
            count += (unit & 0xC0) != 0x80 ? 1 : 0;
        }

        return count;
    }

    /// <summary>Whether a whole document is UTF-8 without unpaired surrogate escapes, so that its strings can be read as such.</summary>
    public static bool IsWellFormed(ReadOnlySpan<byte> document)
    {
        if (!System.Text.Unicode.Utf8.IsValid(document))
        {
            return false;
        }

        for (var at = document.IndexOf((byte)'\\'); at >= 0 && at < document.Length;)
        {
            var unit = document[at + 1] == 'u' ? HexUnit(document[(at + 2)..]) : ' ';
            at += document[at + 1] == 'u' ? 6 : 2;
            if (char.IsLowSurrogate(unit) || (char.IsHighSurrogate(unit) && !StartsWithLowSurrogate(document[at..])))
            {
                return false;
            }

            at += char.IsHighSurrogate(unit) ? 6 : 0;
            var next = document[at..].IndexOf((byte)'\\');
            at = next < 0 ? -1 : at + next;
        }

        return true;
    }

    public void Dispose()
    {
        if (_rented is { } rented)
        {
            _rented = null;
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static int Unescape(ReadOnlySpan<byte> raw, int read, Span<byte> target)
    {
        var written = read;
        while (read < raw.Length)
        {
            if (raw[read] != '\\')
            {
                target[written++] = raw[read++];
            }
            else if (raw[read + 1] != 'u')
            {
                target[written++] = Plain(raw[read + 1]);
                read += 2;
            }
            else
            {
                int codePoint = HexUnit(raw[(read + 2)..]);
                read += 6;
                if (char.IsHighSurrogate((char)codePoint) && StartsWithLowSurrogate(raw[read..]))
                {
                    codePoint = char.ConvertToUtf32((char)codePoint, HexUnit(raw[(read + 2)..]));
                    read += 6;
                }

                written += Encode(codePoint, target[written..]);
            }
        }

        return written;
    }

    private static byte Plain(byte escaped) => escaped switch
    {
        (byte)'n' => (byte)'\n',
        (byte)'t' => (byte)'\t',
        (byte)'r' => (byte)'\r',
        (byte)'b' => (byte)'\b',
        (byte)'f' => (byte)'\f',
        _ => escaped,
    };

    private static bool StartsWithLowSurrogate(ReadOnlySpan<byte> raw) =>
        raw.Length >= 6 && raw[0] == '\\' && raw[1] == 'u' && char.IsLowSurrogate(HexUnit(raw[2..]));

    private static char HexUnit(ReadOnlySpan<byte> digits)
    {
        var unit = 0;
        foreach (var digit in digits[..4])
        {
            unit = (unit << 4) | (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
        }

        return (char)unit;
    }

    private static int Encode(int codePoint, Span<byte> target)
    {
        if (Rune.TryCreate(codePoint, out var rune))
        {
            return rune.EncodeToUtf8(target);
        }

        target[0] = (byte)(0xE0 | (codePoint >> 12));
        target[1] = (byte)(0x80 | ((codePoint >> 6) & 0x3F));
        target[2] = (byte)(0x80 | (codePoint & 0x3F));
        return 3;
    }
}
