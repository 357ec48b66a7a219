namespace Stoa.Cli.Output;

/// <summary>The difference of two texts as <c>diff -u</c> shows it: three lines of context, shortest edit by Myers' O(ND) algorithm.</summary>
internal static class UnifiedDiff
{
    private const int Context = 3;

    // The memory of the search grows with the square of this; texts further apart are shown as replaced.
    private const int MostEdits = 2000;

    /// <summary>Nothing when the texts are equal.</summary>
    public static IReadOnlyList<string> Of(string oldName, string newName, string oldText, string newText)
    {
        var edits = Edits(Lines(oldText), Lines(newText));
        if (edits.All(e => e.Mark == ' '))
        {
            return [];
        }

        var output = new List<string> { $"--- {oldName}", $"+++ {newName}" };
        for (var i = 0; i < edits.Count;)
        {
            if (edits[i].Mark == ' ')
            {
                i++;
                continue;
            }

            // A hunk goes on while changes are at most two contexts apart.
            var start = Math.Max(0, i - Context);
            var end = i;
            for (var j = i; j < edits.Count && j <= end + (2 * Context); j++)
            {
                end = edits[j].Mark == ' ' ? end : j;
            }

            var stop = Math.Min(edits.Count, end + Context + 1);
            var hunk = edits.GetRange(start, stop - start);
            output.Add($"@@ -{Range(hunk, edits.Take(start), '+')} +{Range(hunk, edits.Take(start), '-')} @@");
            output.AddRange(hunk.Select(e => e.Mark + e.Line));
            i = stop;
        }

        return output;
    }

    // Of one side: everything but what only the other has.
    private static string Range(List<(char Mark, string Line)> hunk, IEnumerable<(char Mark, string Line)> before, char others)
    {
        var count = hunk.Count(e => e.Mark != others);
        var first = before.Count(e => e.Mark != others) + (count == 0 ? 0 : 1);
        return count == 1 ? $"{first}" : $"{first},{count}";
    }

    private static string[] Lines(string text) => text.Length == 0 ? [] : text.TrimEnd('\n').Split('\n');

    private static List<(char Mark, string Line)> Edits(string[] a, string[] b)
    {
        var trace = new List<int[]>();
        var most = Math.Min(a.Length + b.Length, MostEdits);
        var furthest = new int[(2 * most) + 2];
        for (var d = 0; d <= most; d++)
        {
            trace.Add((int[])furthest.Clone());
            for (var k = -d; k <= d; k += 2)
            {
                var x = k == -d || (k != d && furthest[most + k - 1] < furthest[most + k + 1]) ? furthest[most + k + 1] : furthest[most + k - 1] + 1;
                while (x < a.Length && x - k < b.Length && a[x] == b[x - k])
                {
                    x++;
                }

                furthest[most + k] = x;
                if (x >= a.Length && x - k >= b.Length)
                {
                    return Walk(a, b, trace, most);
                }
            }
        }

        return [.. a.Select(line => ('-', line)), .. b.Select(line => ('+', line))];
    }

    private static List<(char Mark, string Line)> Walk(string[] a, string[] b, List<int[]> trace, int most)
    {
        var edits = new List<(char, string)>();
        var (x, y) = (a.Length, b.Length);
        for (var d = trace.Count - 1; d > 0; d--)
        {
            var (furthest, k) = (trace[d], x - y);
            var isInsertion = k == -d || (k != d && furthest[most + k - 1] < furthest[most + k + 1]);
            var from = isInsertion ? k + 1 : k - 1;
            while (x > furthest[most + from] && y > furthest[most + from] - from)
            {
                edits.Add((' ', a[--x]));
                y--;
            }

            edits.Add(isInsertion ? ('+', b[--y]) : ('-', a[--x]));
        }

        while (x > 0)
        {
            edits.Add((' ', a[--x]));
        }

        edits.Reverse();
        return edits;
    }
}
