using System.Globalization;

namespace Stoa.Gateway.Resources.Reading;

/// <summary>What a plain scalar means by the core schema (YAML 1.2.2 §10.3.2). Yes, no, on and off are texts; so is everything not listed there.</summary>
internal static class CoreScalar
{
    public static ScalarNode Resolve(Position at, string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => new(at, ScalarKind.Null, ""),
        "true" or "True" or "TRUE" => new(at, ScalarKind.Flag, "true"),
        "false" or "False" or "FALSE" => new(at, ScalarKind.Flag, "false"),
        ".nan" or ".NaN" or ".NAN" => new(at, ScalarKind.Unrepresentable, ""),
        _ when text[0] is (>= '0' and <= '9') or '-' or '+' or '.' => Number(at, text),
        _ => new(at, ScalarKind.Text, text),
    };

    private static ScalarNode Number(Position at, string text)
    {
        var unsigned = text.AsSpan(text[0] is '-' or '+' ? 1 : 0);
        if (unsigned is ".inf" or ".Inf" or ".INF")
        {
            return new(at, ScalarKind.Unrepresentable, "");
        }

        if (text.StartsWith("0x", StringComparison.Ordinal) || text.StartsWith("0o", StringComparison.Ordinal))
        {
            return OtherBase(at, text);
        }

        if (!IsDecimal(unsigned))
        {
            return new(at, ScalarKind.Text, text);
        }

        return NumberText.Canonical(text) is { } number ? new(at, ScalarKind.Number, number) : new(at, ScalarKind.Unrepresentable, "");
    }

    private static ScalarNode OtherBase(Position at, string text)
    {
        var radix = text[1] == 'x' ? 16U : 8U;
        var value = UInt128.Zero;
        foreach (var digit in text.AsSpan(2))
        {
            if (!char.IsAsciiHexDigit(digit) || Convert.ToUInt32(digit.ToString(), 16) is var unit && unit >= radix)
            {
                return new(at, ScalarKind.Text, text);
            }

            value = (value * radix) + unit;
            if (value > ulong.MaxValue)
            {
                return new(at, ScalarKind.Unrepresentable, "");
            }
        }

        return text.Length == 2 ? new(at, ScalarKind.Text, text) : new(at, ScalarKind.Number, value.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary><c>( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?</c></summary>
    private static bool IsDecimal(ReadOnlySpan<char> text)
    {
        var whole = Digits(text);
        text = text[whole..];
        var fraction = 0;
        if (text is ['.', ..])
        {
            fraction = Digits(text[1..]);
            text = text[(1 + fraction)..];
        }

        if (whole + fraction == 0)
        {
            return false;
        }

        if (text is ['e' or 'E', ..])
        {
            text = text[(text is [_, '-' or '+', ..] ? 2 : 1)..];
            return !text.IsEmpty && Digits(text) == text.Length;
        }

        return text.IsEmpty;
    }

    private static int Digits(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAnyExceptInRange('0', '9');
        return end < 0 ? text.Length : end;
    }
}
