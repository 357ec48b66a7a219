using System.Globalization;

namespace Stoa.Ledger.Records;

/// <summary>Times in records: RFC 3339 in UTC with microseconds, always 27 characters, so that text order is time order.</summary>
internal static class RecordTime
{
    public const int Length = 27;

    // .NET's round-trip format is this one with a digit more.
    private const string RoundTrip = "O";

    public static string Format(DateTimeOffset time) =>
        string.Concat(time.UtcDateTime.ToString(RoundTrip, CultureInfo.InvariantCulture).AsSpan(0, Length - 1), "Z");

    /// <summary>Writes the characters in ASCII; <paramref name="text"/> has room for one more.</summary>
    public static void Write(DateTimeOffset time, Span<byte> text)
    {
        time.UtcDateTime.TryFormat(text, out _, RoundTrip, CultureInfo.InvariantCulture);
        text[Length - 1] = (byte)'Z';
    }

    public static bool TryParse(ReadOnlySpan<byte> text, out DateTimeOffset time)
    {
        time = default;
        if (text.Length != Length || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':' || text[19] != '.' || text[26] != 'Z'
            || !Digits(text[..4], out var year) || !Digits(text[5..7], out var month) || !Digits(text[8..10], out var day)
            || !Digits(text[11..13], out var hour) || !Digits(text[14..16], out var minute) || !Digits(text[17..19], out var second)
            || !Digits(text[20..26], out var micros)
            || year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59)
        {
            return false;
        }

        time = new DateTimeOffset(year, month, day, hour, minute, second, TimeSpan.Zero).AddTicks(micros * TimeSpan.TicksPerMicrosecond);
        return true;
    }

    private static bool Digits(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        foreach (var digit in text)
        {
            if (digit is < (byte)'0' or > (byte)'9')
            {
                return false;
            }

            value = (value * 10) + digit - '0';
        }

        return true;
    }
}
