using System.Globalization;

namespace Stoa.Gateway.Resources;

/// <summary>Sizes as people write them: a whole number and a binary unit, <c>512KiB</c>, <c>1MiB</c>; bytes are <c>100B</c>.</summary>
internal static class SizeText
{
    private const int MostDigits = 12;

    private static readonly (string Unit, long Bytes)[] Units = [("GiB", 1L << 30), ("MiB", 1L << 20), ("KiB", 1L << 10), ("B", 1)];

    public static long Parse(string text) => TryParse(text, out var value) ? value : throw new FormatException("Expected a size such as 512KiB.");

    public static bool TryParse(ReadOnlySpan<char> text, out long value)
    {
        value = 0;
        var digits = text.IndexOfAnyExceptInRange('0', '9');
        if (digits is < 1 or > MostDigits)
        {
            return false;
        }

        foreach (var (unit, bytes) in Units)
        {
            if (text[digits..].SequenceEqual(unit))
            {
                var count = long.Parse(text[..digits], NumberStyles.None, CultureInfo.InvariantCulture);
                var fits = count <= long.MaxValue / bytes;
                value = fits ? count * bytes : 0;
                return fits;
            }
        }

        return false;
    }

    /// <summary>In the largest unit that keeps the number whole.</summary>
    public static string Format(long value)
    {
        var (unit, bytes) = value == 0 ? ("B", 1) : Units.First(u => value % u.Bytes == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{value / bytes}{unit}");
    }
}
