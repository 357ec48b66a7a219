using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Stoa.Gateway.Tools.Templates;

/// <summary>Reads a JSON string (RFC 8259 §7) that holds no expressions.</summary>
internal static class JsonStringReader
{
    /// <summary>The cursor stands on the opening quote; afterwards behind the closing one.</summary>
    public static bool TryRead(TemplateCursor cursor, [NotNullWhen(true)] out string? value)
    {
        value = null;
        var open = cursor.At++;
        var text = new StringBuilder();
        while (true)
        {
            var plain = PlainLength(cursor.Rest);
            text.Append(cursor.Rest[..plain]);
            cursor.At += plain;
            if (cursor.TryTake('"'))
            {
                value = text.ToString();
                return true;
            }

            if (cursor.Current != '\\')
            {
                return cursor.IsAtEnd ? cursor.Fail(open, "This string is never closed.") : FailAtControl(cursor);
            }

            var escape = cursor.Rest;
            if (!TryTakeEscape(cursor))
            {
                return false;
            }

            Append(text, escape);
        }
    }

    /// <summary>How many characters stand for themselves here.</summary>
    public static int PlainLength(ReadOnlySpan<char> rest)
    {
        var length = 0;
        while (length < rest.Length && rest[length] is >= ' ' and not ('"' or '\\'))
        {
            length++;
        }

        return length;
    }

    public static bool FailAtControl(TemplateCursor cursor) => cursor.Fail(
        "A line break or control character inside a JSON string is written as an escape, as in \\n.");

    /// <summary>One escape, or both of a surrogate pair; half a pair is a fault, since it has no UTF-8.</summary>
    public static bool TryTakeEscape(TemplateCursor cursor)
    {
        var start = cursor.At;
        if (cursor.Rest.Length < 2 || !"\"\\/bfnrtu".Contains(cursor.Rest[1], StringComparison.Ordinal))
        {
            return cursor.Fail("JSON knows the escapes \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u followed by four hexadecimal digits.");
        }

        if (cursor.Rest[1] != 'u')
        {
            cursor.At += 2;
            return true;
        }

        if (Unit(cursor.Rest) is not { } first)
        {
            return cursor.Fail("Four hexadecimal digits belong after \\u.");
        }

        cursor.At += 6;
        if (!char.IsSurrogate(first))
        {
            return true;
        }

        if (char.IsLowSurrogate(first) || Unit(cursor.Rest) is not { } second || !char.IsLowSurrogate(second))
        {
            return cursor.Fail(start, "This is half of a surrogate pair, which is no character; write the character itself or both halves.");
        }

        cursor.At += 6;
        return true;
    }

    private static char? Unit(ReadOnlySpan<char> rest) =>
        rest.Length >= 6 && rest.StartsWith("\\u") && ushort.TryParse(rest.Slice(2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit)
            ? (char)unit
            : null;

    private static void Append(StringBuilder text, ReadOnlySpan<char> escape)
    {
        if (Unit(escape) is not { } unit)
        {
            text.Append(escape[1] switch { 'b' => '\b', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', var itself => itself });
            return;
        }

        text.Append(unit);
        if (char.IsHighSurrogate(unit))
        {
            text.Append(Unit(escape[6..])!.Value);
        }
    }
}
