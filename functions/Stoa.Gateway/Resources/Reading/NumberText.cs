using System.Globalization;

namespace Stoa.Gateway.Resources.Reading;

/// <summary>
/// One spelling per number, without loss: <c>1e3</c>, <c>1000</c> and <c>1000.0</c> are all <c>1000</c>. Laid out as ECMAScript and
/// RFC 8785 do, but keeps every digit where those round to a double.
/// </summary>
internal static class NumberText
{
    /// <summary>The canonical spelling of a decimal number, or null when it is beyond the range of a double.</summary>
    public static string? Canonical(ReadOnlySpan<char> number)
    {
        var negative = number[0] == '-';
        number = number[0] is '-' or '+' ? number[1..] : number;

        var exponentAt = number.IndexOfAny('e', 'E');
        var exponent = 0;
        if (exponentAt >= 0 && !int.TryParse(number[(exponentAt + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent))
        {
            return null;
        }

        var mantissa = exponentAt < 0 ? number : number[..exponentAt];
        var pointAt = mantissa.IndexOf('.');
        var whole = pointAt < 0 ? mantissa : mantissa[..pointAt];
        var digits = string.Concat(whole, pointAt < 0 ? [] : mantissa[(pointAt + 1)..]).AsSpan();

        // The value is 0.DIGITS times ten to the power of point.
        var leading = digits.Length - digits.TrimStart('0').Length;
        var point = (long)whole.Length - leading + exponent;
        digits = digits[leading..].TrimEnd('0');
        if (digits.IsEmpty)
        {
            return "0";
        }

        return point is < -307 or > 308 ? null : (negative ? "-" : "") + Layout(digits, (int)point);
    }

    private static string Layout(ReadOnlySpan<char> digits, int point)
    {
        if (point is > 0 and <= 21)
        {
            return digits.Length <= point
                ? string.Concat(digits, new string('0', point - digits.Length))
                : string.Concat(digits[..point], ".", digits[point..]);
        }

        if (point is > -6 and <= 0)
        {
            return string.Concat("0.", new string('0', -point), digits);
        }

        var exponent = (point - 1).ToString("+0;-0", CultureInfo.InvariantCulture);
        return digits.Length == 1
            ? string.Concat(digits, "e", exponent)
            : string.Concat(string.Concat(digits[..1], ".", digits[1..]), "e", exponent);
    }
}
