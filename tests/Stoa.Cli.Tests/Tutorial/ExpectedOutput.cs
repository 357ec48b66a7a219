namespace Stoa.Cli.Tests.Tutorial;

/// <summary>
/// What a text says that a command prints: <c>...</c> stands for anything within a line, a line of nothing else for any lines. How many
/// blanks part two columns is not compared, since ports differ in width; those that indent are.
/// </summary>
internal static class ExpectedOutput
{
    private const string Anything = "...";

    public static bool Fits(IReadOnlyList<string> expected, IReadOnlyList<string> got) => Furthest(Normal(expected), Normal(got)) is null;

    /// <summary>The first expected line that nothing fits (one past the last when too much was printed); null when all fits.</summary>
    public static int? Furthest(IReadOnlyList<string> expected, IReadOnlyList<string> got)
    {
        // reached[g]: the expected lines so far account for exactly the first g lines.
        var reached = new bool[got.Count + 1];
        reached[0] = true;
        for (var e = 0; e < expected.Count; e++)
        {
            var next = new bool[got.Count + 1];
            for (var g = 0; g <= got.Count; g++)
            {
                next[g] = expected[e].Trim() == Anything
                    ? reached[g] || (g > 0 && next[g - 1])
                    : g > 0 && reached[g - 1] && LineFits(expected[e], got[g - 1]);
            }

            if (!next.Contains(true))
            {
                return e;
            }

            reached = next;
        }

        return reached[^1] ? null : expected.Count;
    }

    /// <summary>Lines without the blanks that do not count.</summary>
    public static string[] Normal(IEnumerable<string> lines)
    {
        var normal = lines.Select(Normal).ToList();
        while (normal is [.., ""])
        {
            normal.RemoveAt(normal.Count - 1);
        }

        return [.. normal];
    }

    private static string Normal(string line)
    {
        var text = line.TrimEnd();
        var indent = text.Length - text.TrimStart().Length;
        return text[..indent] + string.Join("  ", text[indent..].Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }

    private static bool LineFits(string expected, string got)
    {
        var parts = expected.Split(Anything);
        if (parts.Length == 1)
        {
            return expected == got;
        }

        if (!got.StartsWith(parts[0], StringComparison.Ordinal))
        {
            return false;
        }

        var at = parts[0].Length;
        foreach (var part in parts[1..^1])
        {
            var found = got.IndexOf(part, at, StringComparison.Ordinal);
            if (found < 0)
            {
                return false;
            }

            at = found + part.Length;
        }

        return got.Length - parts[^1].Length >= at && got.EndsWith(parts[^1], StringComparison.Ordinal);
    }
}
