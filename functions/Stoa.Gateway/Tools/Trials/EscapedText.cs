using System.Globalization;
using System.Text;

namespace Stoa.Gateway.Tools.Trials;

/// <summary>Finds a text where each of its characters may be written plainly or escaped: <c>%2B</c>, <c>+</c> for a space, <c>\u002b</c>, <c>\"</c>, <c>&amp;#43;</c>.</summary>
internal static class EscapedText
{
    /// <summary>How many characters of <paramref name="text"/> spell the whole of <paramref name="wanted"/>, from its start; 0 when they do not.</summary>
    /// <param name="text">Where to look.</param>
    /// <param name="wanted">What to look for.</param>
    /// <param name="looks">How many of its characters may still be compared; below 0 the result means nothing.</param>
    public static int Match(ReadOnlySpan<char> text, string wanted, ref long looks)
    {
        var used = 0;
        foreach (var rune in wanted.EnumerateRunes())
        {
            if (--looks < 0)
            {
                return 0;
            }

            var length = MatchOne(text[used..], rune);
            if (length == 0)
            {
                return 0;
            }

            used += length;
        }

        return used;
    }

    private static int MatchOne(ReadOnlySpan<char> text, Rune wanted)
    {
        if (text.IsEmpty)
        {
            return 0;
        }

        Span<char> plain = stackalloc char[2];
        plain = plain[..wanted.EncodeToUtf16(plain)];
        return text[0] switch
        {
            _ when text.StartsWith(plain) && plain is not ['\\' or '%' or '&'] => plain.Length,
            '+' when wanted.Value == ' ' => 1,
            '%' when Percent(text, wanted) is var length and > 0 => length,
            '\\' when Json(text, plain) is var length and > 0 => length,
            '&' when Html(text, wanted) is var length and > 0 => length,
            _ => text.StartsWith(plain) ? plain.Length : 0,
        };
    }

    private static int Percent(ReadOnlySpan<char> text, Rune wanted)
    {
        Span<byte> bytes = stackalloc byte[4];
        var count = wanted.EncodeToUtf8(bytes);
        if (text.Length < count * 3)
        {
            return 0;
        }

        for (var i = 0; i < count; i++)
        {
            if (text[i * 3] != '%' || !byte.TryParse(text.Slice((i * 3) + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) || value != bytes[i])
            {
                return 0;
            }
        }

        return count * 3;
    }

    private static int Json(ReadOnlySpan<char> text, ReadOnlySpan<char> wanted)
    {
        if (text is ['\\', 'u', ..])
        {
            for (var i = 0; i < wanted.Length; i++)
            {
                var unit = text.Length < (i + 1) * 6 ? default : text.Slice(i * 6, 6);
                if (unit is not ['\\', 'u', ..] || !ushort.TryParse(unit[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) || value != wanted[i])
                {
                    return 0;
                }
            }

            return wanted.Length * 6;
        }

        return text is ['\\', var escaped, ..] && wanted is [var one] && (escaped, one) is ('"', '"') or ('\\', '\\') or ('/', '/') or ('n', '\n') or ('r', '\r') or ('t', '\t') or ('b', '\b') or ('f', '\f')
            ? 2
            : 0;
    }

    private static int Html(ReadOnlySpan<char> text, Rune wanted)
    {
        var end = text[..Math.Min(text.Length, 10)].IndexOf(';');
        if (end < 2)
        {
            return 0;
        }

        var name = text[1..end];
        int? value = name switch
        {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            ['#', 'x' or 'X', .. var hex] when int.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) => code,
            ['#', .. var digits] when int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var code) => code,
            _ => null,
        };
        return value == wanted.Value ? end + 1 : 0;
    }
}
