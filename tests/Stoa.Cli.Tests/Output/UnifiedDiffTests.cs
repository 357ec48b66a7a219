using Stoa.Cli.Output;

namespace Stoa.Cli.Tests.Output;

/// <summary>A diff, applied to the old text by hand, gives the new one.</summary>
public sealed class UnifiedDiffTests
{
    [Fact]
    public void Equal_texts_have_no_diff() => Assert.Empty(UnifiedDiff.Of("a", "b", "x\ny\n", "x\ny\n"));

    [Fact]
    public void One_changed_line_has_three_lines_around_it()
    {
        var diff = UnifiedDiff.Of("old", "new", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n");

        Assert.Equal(["--- old", "+++ new", "@@ -2,7 +2,7 @@", " 2", " 3", " 4", "-5", "+five", " 6", " 7", " 8"], diff);
    }

    [Fact]
    public void Changes_far_apart_are_two_hunks_and_near_ones_share_one()
    {
        var lines = Enumerable.Range(1, 40).Select(i => $"{i}").ToArray();
        var text = string.Join('\n', lines);

        Assert.Equal(2, Hunks(text, text.Replace("\n5\n", "\nX\n").Replace("\n30\n", "\nY\n")));
        Assert.Equal(1, Hunks(text, text.Replace("\n5\n", "\nX\n").Replace("\n11\n", "\nY\n")));
    }

    [Fact]
    public void Any_diff_leads_from_the_old_text_to_the_new_one()
    {
        var random = new Random(7);
        for (var i = 0; i < 500; i++)
        {
            var (a, b) = (RandomLines(random), RandomLines(random));
            Assert.Equal(b, Patch(a, UnifiedDiff.Of("a", "b", a, b)));
        }
    }

    [Fact]
    public void Texts_with_nothing_in_common_are_replaced()
    {
        var a = string.Concat(Enumerable.Range(0, 3000).Select(i => $"a{i}\n"));
        var b = string.Concat(Enumerable.Range(0, 3000).Select(i => $"b{i}\n"));

        Assert.Equal(b, Patch(a, UnifiedDiff.Of("a", "b", a, b)));
    }

    private static int Hunks(string a, string b) => UnifiedDiff.Of("a", "b", a, b).Count(line => line.StartsWith("@@", StringComparison.Ordinal));

    private static string RandomLines(Random random) => string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => $"{(char)('a' + random.Next(4))}\n"));

    // What patch(1) does.
    private static string Patch(string text, IReadOnlyList<string> diff)
    {
        var lines = text.Length == 0 ? [] : text.TrimEnd('\n').Split('\n').ToList();
        var offset = 0;
        var at = 0;
        foreach (var line in diff.Skip(2))
        {
            if (line.StartsWith("@@ ", StringComparison.Ordinal))
            {
                var range = line.Split(' ')[1][1..].Split(',');
                at = int.Parse(range[0]) - (range is [_, "0"] ? 0 : 1) + offset;
                continue;
            }

            switch (line[0])
            {
                case ' ':
                    Assert.Equal(line[1..], lines[at++]);
                    break;
                case '-':
                    Assert.Equal(line[1..], lines[at]);
                    lines.RemoveAt(at);
                    offset--;
                    break;
                default:
                    lines.Insert(at++, line[1..]);
                    offset++;
                    break;
            }
        }

        return string.Concat(lines.Select(line => line + "\n"));
    }
}
