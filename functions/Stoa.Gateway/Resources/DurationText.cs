using System.Globalization;

namespace Stoa.Gateway.Resources;

/// <summary>Durations as people write them: a whole number and a unit, <c>500ms</c>, <c>30s</c>, <c>2m</c>, <c>1h</c>, <c>7d</c>.</summary>
internal static class DurationText
{
    private const int MostDigits = 12;

    // Largest first: formatting takes the first that divides the value. "ms" is told from "m" and "s" by its length.
    private static readonly (string Unit, long Milliseconds)[] Units = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)];

    public static TimeSpan Parse(string text) =>
        TryParse(text, out var value) ? value : throw new FormatException("Expected a duration such as 30s.");

    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan value)
    {
        value = default;
        var digits = text.IndexOfAnyExceptInRange('0', '9');
        if (digits is < 1 or > MostDigits)
        {
            return false;
        }

        foreach (var (unit, milliseconds) in Units)
        {
            if (text[digits..].SequenceEqual(unit))
            {
                var count = long.Parse(text[..digits], NumberStyles.None, CultureInfo.InvariantCulture);
                var fits = count <= TimeSpan.MaxValue.Ticks / TimeSpan.TicksPerMillisecond / milliseconds;
                value = fits ? TimeSpan.FromMilliseconds(count * milliseconds) : default;
                return fits;
            }
        }

        return false;
    }

    /// <summary>In the largest unit that keeps the number whole; parts of a millisecond are dropped.</summary>
    public static string Format(TimeSpan value)
    {
        var total = value.Ticks / TimeSpan.TicksPerMillisecond;
        var (unit, milliseconds) = total == 0 ? ("s", 1000) : Units.First(u => total % u.Milliseconds == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{total / milliseconds}{unit}");
    }
}
