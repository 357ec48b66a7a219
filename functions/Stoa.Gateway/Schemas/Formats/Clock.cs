namespace Stoa.Gateway.Schemas.Formats;

/// <summary>Dates, times and durations as RFC 3339 (section 5.6 and appendix A) writes them.</summary>
internal static class Clock
{
    private const int MinutesPerDay = 24 * 60;

    public static bool IsDateTime(ReadOnlySpan<char> text) =>
        text.Length > 11 && text[10] is 'T' or 't' && IsDate(text[..10]) && IsTime(text[11..]);

    public static bool IsDate(ReadOnlySpan<char> text)
    {
        if (text.Length != 10 || text[4] != '-' || text[7] != '-'
            || !TryDigits(text[..4], out var year) || !TryDigits(text[5..7], out var month) || !TryDigits(text[8..], out var day))
        {
            return false;
        }

        // Not DateTime: the year 0000 is one of RFC 3339's.
        var isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        var days = month switch
        {
            2 => isLeap ? 29 : 28,
            4 or 6 or 9 or 11 => 30,
            >= 1 and <= 12 => 31,
            _ => 0,
        };
        return day >= 1 && day <= days;
    }

    public static bool IsTime(ReadOnlySpan<char> text)
    {
        if (text.Length < 9 || text[2] != ':' || text[5] != ':'
            || !TryDigits(text[..2], out var hour) || !TryDigits(text[3..5], out var minute) || !TryDigits(text[6..8], out var second)
            || hour > 23 || minute > 59 || second > 60)
        {
            return false;
        }

        var zone = text[8..];
        if (zone[0] == '.')
        {
            var end = zone[1..].IndexOfAnyExceptInRange('0', '9') + 1;
            if (end <= 1)
            {
                return false;
            }

            zone = zone[end..];
        }

        if (!TryOffset(zone, out var offset))
        {
            return false;
        }

        // A leap second is the last of a UTC day.
        var utc = ((hour * 60) + minute - offset + (2 * MinutesPerDay)) % MinutesPerDay;
        return second < 60 || utc == MinutesPerDay - 1;
    }

    public static bool IsDuration(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text[0] != 'P')
        {
            return false;
        }

        var rest = text[1..];
        if (rest.EndsWith("W"))
        {
            return TryElements(ref rest, "W", out _) && rest.IsEmpty;
        }

        if (!TryElements(ref rest, "YMD", out var dates))
        {
            return false;
        }

        if (rest.IsEmpty)
        {
            return dates > 0;
        }

        var hasTime = rest[0] == 'T';
        rest = rest[1..];
        return hasTime && TryElements(ref rest, "HMS", out var times) && times > 0 && rest.IsEmpty;
    }

    /// <summary>Takes number and unit pairs off the front; units may be left out at either end but not in between.</summary>
    private static bool TryElements(ref ReadOnlySpan<char> text, ReadOnlySpan<char> units, out int count)
    {
        count = 0;
        var previous = -1;
        while (!text.IsEmpty && char.IsAsciiDigit(text[0]))
        {
            var digits = text.IndexOfAnyExceptInRange('0', '9');
            var unit = digits < 0 ? -1 : units.IndexOf(text[digits]);
            if (unit < 0 || (count > 0 && unit != previous + 1))
            {
                return false;
            }

            (previous, count) = (unit, count + 1);
            text = text[(digits + 1)..];
        }

        return true;
    }

    private static bool TryOffset(ReadOnlySpan<char> zone, out int minutes)
    {
        minutes = 0;
        if (zone is "Z" or "z")
        {
            return true;
        }

        if (zone.Length != 6 || zone[0] is not ('+' or '-') || zone[3] != ':'
            || !TryDigits(zone[1..3], out var hour) || !TryDigits(zone[4..], out var minute) || hour > 23 || minute > 59)
        {
            return false;
        }

        minutes = zone[0] == '-' ? -((hour * 60) + minute) : (hour * 60) + minute;
        return true;
    }

    private static bool TryDigits(ReadOnlySpan<char> text, out int value)
    {
        value = 0;
        foreach (var c in text)
        {
            if (!char.IsAsciiDigit(c))
            {
                return false;
            }

            value = (value * 10) + (c - '0');
        }

        return true;
    }
}
