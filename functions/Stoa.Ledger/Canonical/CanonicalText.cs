using System.Buffers;
using System.Text;

namespace Stoa.Ledger.Canonical;

/// <summary>Strings as RFC 8785, section 3.2.2.2, writes them: UTF-8 as it is, escapes only where JSON demands them, the short ones first.</summary>
internal static class CanonicalText
{
    private static readonly SearchValues<char> Escaped = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(c => (char)c), '"', '\\']);

    /// <summary>Writes the quoted string.</summary>
    /// <exception cref="FormatException">The text holds half of a surrogate pair, which UTF-8 cannot say.</exception>
    public static void Write(ReadOnlySpan<char> text, IBufferWriter<byte> output)
    {
        output.Write("\""u8);
        while (text.IndexOfAny(Escaped) is >= 0 and var at)
        {
            WritePlain(text[..at], output);
            WriteEscape(text[at], output);
            text = text[(at + 1)..];
        }

        WritePlain(text, output);
        output.Write("\""u8);
    }

    private static void WritePlain(ReadOnlySpan<char> text, IBufferWriter<byte> output)
    {
        var span = output.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length));
        if (System.Text.Unicode.Utf8.FromUtf16(text, span, out _, out var written, replaceInvalidSequences: false) is not OperationStatus.Done)
        {
            throw new FormatException("A string holds half of a surrogate pair; canonical JSON is Unicode text.");
        }

        output.Advance(written);
    }

    private static void WriteEscape(char c, IBufferWriter<byte> output)
    {
        switch (c)
        {
            case '"':
                output.Write("\\\""u8);
                break;
            case '\\':
                output.Write("\\\\"u8);
                break;
            case '\b':
                output.Write("\\b"u8);
                break;
            case '\t':
                output.Write("\\t"u8);
                break;
            case '\n':
                output.Write("\\n"u8);
                break;
            case '\f':
                output.Write("\\f"u8);
                break;
            case '\r':
                output.Write("\\r"u8);
                break;
            default:
                var escape = "\\u0000"u8.ToArray();
                escape[4] += (byte)(c >> 4);
                escape[5] = "0123456789abcdef"u8[c & 0xf];
                output.Write(escape);
                break;
        }
    }
}
