using System.Text;

namespace Stoa.Gateway.Schemas.Patterns;

/// <summary>A character class: ranges of code points and Unicode categories, written for a regex engine that sees UTF-16 units.</summary>
internal sealed class CodePointSet
{
    private const int Last = 0x10FFFF;
    private const int FirstSurrogate = 0xD800;
    private const int LastSurrogate = 0xDFFF;

    private List<(int Low, int High)> _ranges = [];
    private readonly StringBuilder _categories = new();
    private bool _beyondBmpToo;
    private bool _negated;

    public void Add(int? codePoint)
    {
        if (codePoint is { } point)
        {
            AddRange(point, point);
        }
    }

    public void AddRange(int low, int high) => _ranges.Add((low, high));

    public void AddLineTerminators() => _ranges.AddRange([('\n', '\n'), ('\r', '\r'), ('\u2028', '\u2029')]);

    /// <summary>The classes d, w and s as ECMA-262 has them (the first two ASCII only), and their complements D, W and S.</summary>
    public void AddClass(char name)
    {
        (int, int)[] ranges = (name | 0x20) switch
        {
            'd' => [('0', '9')],
            'w' => [('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')],
            _ =>
            [
                ('\t', '\r'), (' ', ' '), ('\u00A0', '\u00A0'), ('\u1680', '\u1680'), ('\u2000', '\u200A'),
                ('\u2028', '\u2029'), ('\u202F', '\u202F'), ('\u205F', '\u205F'), ('\u3000', '\u3000'), ('\uFEFF', '\uFEFF'),
            ],
        };
        _ranges.AddRange(char.IsAsciiLetterUpper(name) ? Complement([.. ranges]) : ranges);
    }

    public bool TryAddProperty(string name, bool negated)
    {
        if (!UnicodeCategories.TryGetShortName(name, out var category))
        {
            return false;
        }

        _categories.Append(negated ? @"\P{" : @"\p{").Append(category).Append('}');
        _beyondBmpToo |= negated;
        return true;
    }

    public void Negate() => _negated = true;

    /// <summary>Writes one self-contained element that matches one code point of the set.</summary>
    public void WriteTo(StringBuilder pattern)
    {
        var bmp = new StringBuilder();
        var beyond = new List<string>();
        var ranges = _beyondBmpToo ? [.. _ranges, (0x10000, Last)] : _ranges;
        foreach (var (low, high) in _negated ? Complement(ranges) : ranges)
        {
            AddUnits(bmp, low, Math.Min(high, FirstSurrogate - 1));
            AddUnits(bmp, Math.Max(low, LastSurrogate + 1), Math.Min(high, 0xFFFF));
            AddPairs(beyond, Math.Max(low, 0x10000), high);
        }

        // With categories the complement of the ranges is not enough: let the engine negate the units.
        if (_negated && _categories.Length > 0)
        {
            bmp.Clear().Append(@"^\uD800-\uDFFF");
            foreach (var (low, high) in _ranges)
            {
                AddUnits(bmp, low, Math.Min(high, 0xFFFF));
            }
        }

        bmp.Append(_categories);
        var units = bmp.Length == 0 ? beyond.Count == 0 ? @"[^\s\S]" : null : $"[{bmp}]";
        if (beyond.Count == 0)
        {
            pattern.Append(units);
            return;
        }

        pattern.Append("(?:").AppendJoin('|', units is null ? beyond : beyond.Prepend(units)).Append(')');
    }

    private static List<(int Low, int High)> Complement(List<(int Low, int High)> ranges)
    {
        var complement = new List<(int, int)>();
        var next = 0;
        foreach (var (low, high) in ranges.OrderBy(r => r.Low))
        {
            if (low > next)
            {
                complement.Add((next, low - 1));
            }

            next = Math.Max(next, high + 1);
        }

        if (next <= Last)
        {
            complement.Add((next, Last));
        }

        return complement;
    }

    private static void AddUnits(StringBuilder units, int low, int high)
    {
        if (low <= high)
        {
            units.Append(Unit(low)).Append(low == high ? "" : $"-{Unit(high)}");
        }
    }

    private static void AddPairs(List<string> pairs, int low, int high)
    {
        // At most three pieces: the rest of the first high surrogate's block, whole blocks, the start of the last block.
        while (low <= high)
        {
            var wholeBlocks = (low & 0x3FF) == 0 && (high - low) >= 0x3FF;
            var end = wholeBlocks ? ((high + 1) & ~0x3FF) - 1 : Math.Min(high, low | 0x3FF);
            var (first, last) = (char.ConvertFromUtf32(low), char.ConvertFromUtf32(end));
            pairs.Add($"[{Unit(first[0])}-{Unit(last[0])}][{Unit(first[1])}-{Unit(last[1])}]");
            low = end + 1;
        }
    }

    private static string Unit(int unit) => $"\\u{unit:X4}";
}
