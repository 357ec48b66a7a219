using System.Globalization;

namespace Stoa.Ledger.Canonical;

/// <summary>A double as ECMAScript's Number::toString writes it (ECMA-262, section 6.1.6.1.20), which RFC 8785, section 3.2.2.3, asks for.</summary>
internal static class EcmaNumber
{
    /// <summary>No number is longer: sign, 17 digits, "0.00000" or a point and an exponent, or 21 digits.</summary>
    public const int MaxLength = 25;

    /// <summary>Writes the number and tells how many bytes it took. The value must be finite.</summary>
    public static int Format(double value, Span<byte> destination)
    {
        if (!double.IsFinite(value))
        {
            throw new FormatException("JSON has no number for NaN or infinity.");
        }

        if (value == 0)
        {
            destination[0] = (byte)'0';
            return 1;
        }

        // E16 has 17 digits and too many; "R" has the shortest that read back as the same number, but in .NET's layout.
        Span<byte> shortest = stackalloc byte[32];
        value.TryFormat(shortest, out var length, "R", CultureInfo.InvariantCulture);
        Span<byte> digits = stackalloc byte[32];
        var (k, n, isNegative) = Decompose(shortest[..length], digits);
        var at = 0;
        if (isNegative)
        {
            destination[at++] = (byte)'-';
        }

        return at + Layout(digits[..k], n, destination[at..]);
    }

    // The value is 0.d1d2...dk times 10^n: the k, n and digits s of the specification.
    private static (int K, int N, bool IsNegative) Decompose(ReadOnlySpan<byte> text, Span<byte> digits)
    {
        var isNegative = text[0] == '-';
        var (k, n, exponent, seenPoint) = (0, 0, 0, false);
        for (var i = isNegative ? 1 : 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case (byte)'.':
                    seenPoint = true;
                    break;
                case (byte)'E':
                    exponent = int.Parse(text[(i + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
                    i = text.Length;
                    break;
                case (byte)'0' when k == 0:
                    n -= seenPoint ? 1 : 0;
                    break;
                default:
                    digits[k++] = text[i];
                    n += seenPoint ? 0 : 1;
                    break;
            }
        }

        while (digits[k - 1] == '0')
        {
            k--;
        }

        return (k, n + exponent, isNegative);
    }

    private static int Layout(ReadOnlySpan<byte> s, int n, Span<byte> destination)
    {
        var (k, at) = (s.Length, 0);
        if (k <= n && n <= 21)
        {
            s.CopyTo(destination);
            destination[k..n].Fill((byte)'0');
            return n;
        }

        if (n is > 0 and <= 21)
        {
            s[..n].CopyTo(destination);
            destination[n] = (byte)'.';
            s[n..].CopyTo(destination[(n + 1)..]);
            return k + 1;
        }

        if (n is > -6 and <= 0)
        {
            "0."u8.CopyTo(destination);
            destination.Slice(2, -n).Fill((byte)'0');
            s.CopyTo(destination[(2 - n)..]);
            return 2 - n + k;
        }

        destination[at++] = s[0];
        if (k > 1)
        {
            destination[at++] = (byte)'.';
            s[1..].CopyTo(destination[at..]);
            at += k - 1;
        }

        destination[at++] = (byte)'e';
        destination[at++] = n > 0 ? (byte)'+' : (byte)'-';
        Math.Abs(n - 1).TryFormat(destination[at..], out var written, default, CultureInfo.InvariantCulture);
        return at + written;
    }
}
