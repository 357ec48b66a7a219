namespace Stoa.Cli;

/// <summary>The known word that an unknown one was probably meant to be: two edits away at most, or one the beginning of the other.</summary>
internal static class Nearest
{
    private const int Longest = 64;
    private const int ShortestPrefix = 3;

    public static string? Among(string unknown, IEnumerable<string> known) => unknown.Length > Longest
        ? null
        : known
            .Select(word => (Word: word, Distance: Distance(unknown.ToLowerInvariant(), word.ToLowerInvariant())))
            .Where(near => near.Distance <= Math.Min(2, Math.Min(unknown.Length, near.Word.Length) / 2) || SharesBeginning(unknown, near.Word))
            .OrderBy(near => near.Distance)
            .Select(near => near.Word)
            .FirstOrDefault();

    private static bool SharesBeginning(string a, string b) =>
        Math.Min(a.Length, b.Length) >= ShortestPrefix
        && (a.StartsWith(b, StringComparison.OrdinalIgnoreCase) || b.StartsWith(a, StringComparison.OrdinalIgnoreCase));

    // Levenshtein, one row at a time.
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var (diagonal, _) = (row[0], row[0] = i);
            for (var j = 1; j <= b.Length; j++)
            {
                var change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(change, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
