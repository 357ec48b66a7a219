namespace Stoa.Gateway.Resources;

/// <summary>The known name that an unknown one was probably meant to be.</summary>
internal static class Nearest
{
    private const int Longest = 64;
    private const int ShortestPrefix = 3;

    /// <summary>Two edits away at most (letters changed, missing, added or swapped; case does not count), or one the beginning of the other.</summary>
    public static string? Among(string unknown, IEnumerable<string> known)
    {
        if (unknown.Length > Longest)
        {
            return null;
        }

        string? best = null;
        var bestDistance = int.MaxValue;
        foreach (var name in known)
        {
            // Two edits turn any two-letter word into any other: short words must be closer.
            var allowed = Math.Min(2, Math.Min(unknown.Length, name.Length) / 2);
            var distance = Math.Abs(unknown.Length - name.Length) <= 2 ? Distance(unknown, name) : int.MaxValue;
            distance = distance <= allowed ? distance : SharesBeginning(unknown, name) ? 3 : int.MaxValue;
            if (distance < bestDistance)
            {
                (best, bestDistance) = (name, distance);
            }
        }

        return best;
    }

    private static bool SharesBeginning(string a, string b) =>
        Math.Min(a.Length, b.Length) >= ShortestPrefix
        && (a.StartsWith(b, StringComparison.OrdinalIgnoreCase) || b.StartsWith(a, StringComparison.OrdinalIgnoreCase));

    /// <summary>Damerau-Levenshtein, optimal string alignment.</summary>
    private static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            rows[i, 0] = i;
        }

        for (var j = 0; j <= b.Length; j++)
        {
            rows[0, j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var change = Same(a[i - 1], b[j - 1]) ? 0 : 1;
                rows[i, j] = Math.Min(Math.Min(rows[i - 1, j] + 1, rows[i, j - 1] + 1), rows[i - 1, j - 1] + change);
                if (i > 1 && j > 1 && Same(a[i - 1], b[j - 2]) && Same(a[i - 2], b[j - 1]))
                {
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
                }
            }
        }

        return rows[a.Length, b.Length];
    }

    private static bool Same(char a, char b) => char.ToLowerInvariant(a) == char.ToLowerInvariant(b);
}
