namespace Stoa.Ledger.Canonical;

/// <summary>The order of member names: by UTF-16 code units (RFC 8785, section 3.2.3), told from canonical, still escaped UTF-8.</summary>
internal static class NameOrder
{
    /// <summary>Below 0, 0 or above 0, as <see cref="string.CompareOrdinal(string, string)"/> of the two texts.</summary>
    public static int Compare(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        if (!a.Contains((byte)'\\') && !b.Contains((byte)'\\'))
        {
            var common = a.CommonPrefixLength(b);
            a = a[common..];
            b = b[common..];
        }

        while (a.Length > 0 && b.Length > 0)
        {
            var difference = Next(ref a).CompareTo(Next(ref b));
            if (difference != 0)
            {
                return difference;
            }
        }

        return a.Length.CompareTo(b.Length);
    }

    // A number that orders as UTF-16 does. UTF-8 bytes do by themselves, save that U+10000 and above (lead bytes F0 to F4) come, as
    // surrogates, before U+E000 to U+FFFF (EE and EF).
    private static int Next(ref ReadOnlySpan<byte> text)
    {
        var (unit, taken) = text[0] switch
        {
            (byte)'\\' => Unescape(text),
            (byte)0xee or (byte)0xef => (text[0] + 0x10, 1),
            _ => ((int)text[0], 1),
        };
        text = text[taken..];
        return unit;
    }

    private static (int Unit, int Taken) Unescape(ReadOnlySpan<byte> text) => text[1] switch
    {
        (byte)'b' => ('\b', 2),
        (byte)'t' => ('\t', 2),
        (byte)'n' => ('\n', 2),
        (byte)'f' => ('\f', 2),
        (byte)'r' => ('\r', 2),
        (byte)'u' => (HexDigit(text[4]) << 4 | HexDigit(text[5]), 6),
        var itself => (itself, 2),
    };

    private static int HexDigit(byte digit) => digit <= '9' ? digit - '0' : digit - 'a' + 10;
}
