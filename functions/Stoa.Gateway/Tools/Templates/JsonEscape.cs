using System.Buffers;
using System.Text;

namespace Stoa.Gateway.Tools.Templates;

/// <summary>Text into JSON strings with the fewest escapes that RFC 8259 §7 allows: the quote, the backslash and what is below U+0020.</summary>
internal static class JsonEscape
{
    /// <summary>The longest escape, <c>\u001f</c>, in bytes.</summary>
    public const int MaxGrowth = 6;

    private static readonly SearchValues<byte> Special = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(b => (byte)b), (byte)'"', (byte)'\\']);

    /// <summary>Where the first byte stands that needs an escape; -1 for none.</summary>
    public static int IndexOfSpecial(ReadOnlySpan<byte> utf8) => utf8.IndexOfAny(Special);

    /// <summary>Writes the escaped form and returns its length; the target has <see cref="MaxGrowth"/> bytes for each of the source.</summary>
    public static int Escape(ReadOnlySpan<byte> utf8, Span<byte> target)
    {
        var written = 0;
        while (true)
        {
            var plain = IndexOfSpecial(utf8);
            plain = plain < 0 ? utf8.Length : plain;
            utf8[..plain].CopyTo(target[written..]);
            written += plain;
            if (plain == utf8.Length)
            {
                return written;
            }

            var special = utf8[plain];
            target[written++] = (byte)'\\';
            var letter = Letter(special);
            target[written++] = letter;
            if (letter == (byte)'u')
            {
                "00"u8.CopyTo(target[written..]);
                target[written + 2] = (byte)('0' + (special >> 4));
                target[written + 3] = (byte)"0123456789abcdef"[special & 15];
                written += 4;
            }

            utf8 = utf8[(plain + 1)..];
        }
    }

    /// <summary>The text as a JSON string with its quotes, in <paramref name="scratch"/> when it fits there; what is no Unicode becomes U+FFFD.</summary>
    public static ReadOnlySpan<byte> Quote(string text, Span<byte> scratch)
    {
        // Each UTF-16 unit has at most three bytes of UTF-8, and only one-byte characters have escapes.
        var needed = 2 + (MaxGrowth * text.Length);
        var target = needed <= scratch.Length ? scratch : new byte[needed];
        target[0] = (byte)'"';
        var utf8 = target.Slice(1, Encoding.UTF8.GetBytes(text, target[1..]));
        var length = 1 + (IndexOfSpecial(utf8) < 0 ? utf8.Length : Escape(utf8.ToArray(), target[1..]));
        target[length] = (byte)'"';
        return target[..(length + 1)];
    }

    private static byte Letter(byte special) => special switch
    {
        (byte)'"' or (byte)'\\' => special,
        (byte)'\b' => (byte)'b',
        (byte)'\f' => (byte)'f',
        (byte)'\n' => (byte)'n',
        (byte)'\r' => (byte)'r',
        (byte)'\t' => (byte)'t',
        _ => (byte)'u',
    };
}
