using System.Globalization;

namespace Stoa.Gateway.Schemas.Patterns;

/// <summary>Reads the parts of an ECMA-262 pattern that stand for one code point: characters, escapes and classes in brackets.</summary>
internal sealed class EcmaCharacters(EcmaText text)
{
    /// <summary>What stands between [ and ], the closing one included.</summary>
    public void ReadClass(CodePointSet set)
    {
        var negated = text.Peek(0) == '^';
        text.At += negated ? 1 : 0;
        while (!text.AtEnd && text.Source[text.At] != ']')
        {
            var low = Read(set, inClass: true);
            if (text.Peek(0) != '-' || text.Peek(1) is ']' or '\0')
            {
                set.Add(low);
                continue;
            }

            text.At++;
            var high = Read(set, inClass: true);
            if (low is null || high is null || high < low)
            {
                // As in Annex B, [\w-.] means the three; a range that runs backwards means nothing.
                set.Add(low);
                set.Add('-');
                set.Add(high);
                _ = low is null || high is null ? 0 : text.Mistake("a range in [] has its ends the wrong way round");
                continue;
            }

            set.AddRange(low.Value, high.Value);
        }

        if (text.AtEnd)
        {
            text.Mistake("a [ has no ]");
        }

        text.At++;
        if (negated)
        {
            set.Negate();
        }
    }

    /// <summary>One code point, or null when it was an escape for many and these went into the set.</summary>
    public int? Read(CodePointSet set, bool inClass)
    {
        var c = text.Source[text.At++];
        if (c != '\\')
        {
            return char.IsHighSurrogate(c) && char.IsLowSurrogate(text.Peek(0)) ? char.ConvertToUtf32(c, text.Source[text.At++]) : c;
        }

        var escape = text.Peek(0);
        text.At++;
        switch (escape)
        {
            case 'd' or 'D' or 'w' or 'W' or 's' or 'S':
                set.AddClass(escape);
                return null;
            case 'p' or 'P':
                Property(set, negated: escape == 'P');
                return null;
            case 'b' when inClass:
                return '\b';
            case 't' or 'n' or 'v' or 'f' or 'r':
                return "\t\n\v\f\r"["tnvfr".IndexOf(escape)];
            case '0' when !char.IsAsciiDigit(text.Peek(0)):
                return 0;
            case 'c' when char.IsAsciiLetter(text.Peek(0)):
                return text.Source[text.At++] & 0x1F;
            case 'x':
                return text.Hex(2);
            case 'u':
                return Unicode();
            case (>= '0' and <= '9') or 'k':
                text.Unsupported("refers back to a group, which the linear-time engine cannot do");
                text.At = escape == 'k' && text.Source.IndexOf('>', text.At) is var end and > 0 ? end + 1 : text.At;
                return 0;
            default:
                return char.IsAsciiLetter(escape) || escape == '\0' ? text.Mistake($"\\{escape} is no ECMA-262 escape") : escape;
        }
    }

    private void Property(CodePointSet set, bool negated)
    {
        var end = text.Peek(0) == '{' ? text.Source.IndexOf('}', text.At) : -1;
        if (end < 0)
        {
            text.Mistake("\\p needs a {property}");
            return;
        }

        var name = text.Source[(text.At + 1)..end];
        text.At = end + 1;
        if (!set.TryAddProperty(name, negated))
        {
            text.Unsupported($"uses the Unicode property {name}; only general categories such as L or Decimal_Number are known here");
        }
    }

    private int Unicode()
    {
        if (text.Peek(0) == '{')
        {
            var end = text.Source.IndexOf('}', text.At);
            var digits = end < 0 ? "" : text.Source[(text.At + 1)..end];
            text.At = end + 1;
            return int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var point)
                && point is >= 0 and <= 0x10FFFF
                ? point
                : text.Mistake("\\u{} needs a code point in hexadecimal");
        }

        var unit = text.Hex(4);
        if (char.IsHighSurrogate((char)unit) && text.Peek(0) == '\\' && text.Peek(1) == 'u')
        {
            text.At += 2;
            var low = text.Hex(4);
            return char.IsLowSurrogate((char)low) ? char.ConvertToUtf32((char)unit, (char)low) : text.Mistake("a surrogate has no partner");
        }

        return unit;
    }
}
