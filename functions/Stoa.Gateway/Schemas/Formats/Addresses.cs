namespace Stoa.Gateway.Schemas.Formats;

/// <summary>
/// IP addresses in their strict textual forms: RFC 2673 section 3.2 and RFC 4291 section 2.2, without zones, prefixes and leading zeros.
/// </summary>
internal static class Addresses
{
    public static bool IsIPv4(ReadOnlySpan<char> text)
    {
        var octets = 0;
        foreach (var range in text.Split('.'))
        {
            var octet = text[range];
            if (++octets > 4 || octet.Length is 0 or > 3
                || octet.ContainsAnyExceptInRange('0', '9') || (octet.Length > 1 && octet[0] == '0')
                || (octet.Length == 3 && octet.SequenceCompareTo("255") > 0))
            {
                return false;
            }
        }

        return octets == 4;
    }

    public static bool IsIPv6(ReadOnlySpan<char> text)
    {
        var gap = text.IndexOf("::");
        if (gap < 0)
        {
            return TryGroups(text, mayEndInIPv4: true, out var all) && all == 8;
        }

        // The gap stands for one group or more.
        return TryGroups(text[..gap], mayEndInIPv4: false, out var head)
            && TryGroups(text[(gap + 2)..], mayEndInIPv4: true, out var tail)
            && head + tail <= 7;
    }

    private static bool TryGroups(ReadOnlySpan<char> text, bool mayEndInIPv4, out int count)
    {
        count = 0;
        if (text.IsEmpty)
        {
            return true;
        }

        foreach (var range in text.Split(':'))
        {
            var group = text[range];
            if (mayEndInIPv4 && range.End.Value == text.Length && group.Contains('.'))
            {
                count += 2;
                return IsIPv4(group);
            }

            count++;
            if (group.Length is 0 or > 4 || group.ContainsAnyExcept(Names.HexDigits))
            {
                return false;
            }
        }

        return true;
    }
}
