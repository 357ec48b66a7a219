namespace Stoa.Gateway.Schemas;

/// <summary>Guesses which known name a misspelled one was meant to be.</summary>
internal static class Spelling
{
    private const int MaxLength = 64;

    /// <summary>
    /// The known name that is fewest edits away, if that is at most a third of its length (two edits for short names); else null.
    /// </summary>
    public static string? Nearest(string name, IReadOnlyList<string> known)
    {
        string? nearest = null;
        var fewest = int.MaxValue;
        foreach (var candidate in known.Where(c => c.Length <= MaxLength && name.Length <= MaxLength))
        {
            var edits = Edits(name, candidate);
            if (edits < fewest && edits <= Math.Max(2, candidate.Length / 3) && edits < candidate.Length)
            {
                (nearest, fewest) = (candidate, edits);
            }
        }

        return nearest;
    }

    /// <summary>Levenshtein distance that does not count case.</summary>
    private static int Edits(string from, string to)
    {
        Span<int> row = stackalloc int[MaxLength + 1];
        for (var j = 0; j <= to.Length; j++)
        {
            row[j] = j;
        }

        for (var i = 0; i < from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i + 1;
            for (var j = 0; j < to.Length; j++)
            {
                var swap = diagonal + (char.ToUpperInvariant(from[i]) == char.ToUpperInvariant(to[j]) ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(swap, 1 + Math.Min(diagonal, row[j]));
            }
        }

        return row[to.Length];
    }
}
