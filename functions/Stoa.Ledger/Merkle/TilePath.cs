using System.Globalization;

namespace Stoa.Ledger.Merkle;

/// <summary>
/// The name of a C2SP tlog-tiles tile: <c>tile/L/N</c>, with <c>.p/W</c> when it is not full. N is written in groups of three digits, all but
/// the last with an x: 1234067 is <c>x001/x234/067</c>.
/// </summary>
internal readonly record struct TilePath(int Level, long Index, int Width)
{
    /// <summary>Hashes in a full tile.</summary>
    public const int FullWidth = 256;

    /// <summary>The tree levels that a tile spans: 2^8 = 256.</summary>
    public const int Height = 8;

    public const int FullBytes = FullWidth * Sha256Hash.Size;

    public bool IsFull => Width == FullWidth;

    /// <summary>The index after the last leaf under this tile, were it full.</summary>
    public long End => Index + 1 << Height * (Level + 1);

    /// <summary>The tile as a tree of this size has it; null when the tree does not reach it.</summary>
    public static TilePath? In(long size, int level, long index)
    {
        var hashes = size >> Height * level;
        return Math.Min(hashes - (index * FullWidth), FullWidth) is > 0 and var width ? new(level, index, (int)width) : null;
    }

    /// <summary>The tiles that are full in a tree of size <paramref name="to"/> and were not in one of size <paramref name="from"/>, lowest level first.</summary>
    public static IEnumerable<TilePath> Completed(long from, long to)
    {
        for (var level = 0; to >> Height * (level + 1) > 0; level++)
        {
            for (var index = from >> Height * (level + 1); index < to >> Height * (level + 1); index++)
            {
                yield return new(level, index, FullWidth);
            }
        }
    }

    /// <summary>The tiles of a tree of this size that are not full, lowest level first.</summary>
    public static IEnumerable<TilePath> Partial(long size)
    {
        for (var level = 0; size >> Height * level > 0; level++)
        {
            var hashes = size >> Height * level;
            if (hashes % FullWidth is > 0 and var width)
            {
                yield return new(level, hashes / FullWidth, (int)width);
            }
        }
    }

    public static bool TryParse(string path, out TilePath tile)
    {
        tile = default;
        var parts = path.Split('/');
        var width = FullWidth;
        if (parts is not ["tile", var level, ..] || parts.Length < 3 || !int.TryParse(level, NumberStyles.None, CultureInfo.InvariantCulture, out var l))
        {
            return false;
        }

        var end = parts.Length;
        if (parts[end - 2].EndsWith(".p", StringComparison.Ordinal))
        {
            if (!int.TryParse(parts[end - 1], NumberStyles.None, CultureInfo.InvariantCulture, out width))
            {
                return false;
            }

            end--;
        }

        var digits = string.Concat(parts[2..end]).Replace(".p", "", StringComparison.Ordinal).Replace("x", "", StringComparison.Ordinal);
        if (l is < 0 or > 63 / Height || !long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var n))
        {
            return false;
        }

        tile = new(l, n, width > 0 ? width : FullWidth);
        return tile.ToString() == path;
    }

    public override string ToString()
    {
        var groups = (Index % 1000).ToString("000", CultureInfo.InvariantCulture);
        for (var rest = Index / 1000; rest > 0; rest /= 1000)
        {
            groups = $"x{(rest % 1000).ToString("000", CultureInfo.InvariantCulture)}/{groups}";
        }

        return IsFull ? string.Create(CultureInfo.InvariantCulture, $"tile/{Level}/{groups}") : string.Create(CultureInfo.InvariantCulture, $"tile/{Level}/{groups}.p/{Width}");
    }
}
