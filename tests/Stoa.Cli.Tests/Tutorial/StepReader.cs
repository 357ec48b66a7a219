namespace Stoa.Cli.Tests.Tutorial;

/// <summary>
/// Reads the steps of a Markdown text. A <c>console</c> block holds commands after <c>$ </c> (a backslash or a heredoc continues them) and
/// below each what it prints. A comment in the line before a block says what else it is: <c>file: x</c> or <c>more of: x</c> saves it,
/// <c>stays</c> starts a program in a terminal of its own, <c>typed: x</c> answers a prompt, <c>not run: why</c> leaves it out. The comment
/// <c>ends: command</c> stands alone.
/// </summary>
internal static class StepReader
{
    private const string Prompt = "$ ";

    public static IReadOnlyList<Step> Read(string markdown)
    {
        var lines = markdown.ReplaceLineEndings("\n").Split('\n');
        var steps = new List<Step>();
        for (var at = 0; at < lines.Length; at++)
        {
            var (mark, about) = Mark(lines[at]);
            if (mark == "ends")
            {
                steps.Add(new StopStep(at + 1, about));
            }

            if (!lines[at].StartsWith("```", StringComparison.Ordinal))
            {
                continue;
            }

            var end = Array.IndexOf(lines, "```", at + 1);
            Assert.True(end > 0, $"The block at line {at + 1} does not end.");
            steps.AddRange(Block(lines[at][3..], at == 0 ? default : Mark(lines[at - 1]), lines[(at + 1)..end], at + 2));
            at = end;
        }

        return steps;
    }

    private static IEnumerable<Step> Block(string language, (string Mark, string About) comment, string[] lines, int first) => (language, comment.Mark) switch
    {
        (_, "not run") => [],
        (_, "file" or "more of") => [new SaveStep(first, comment.About, string.Join('\n', lines) + "\n", comment.Mark == "more of")],
        ("console", "stays") => Commands(lines, first, null).Select(c => new StartStep(c.Line, c.Command, c.Expected)),
        ("console", "typed") => Commands(lines, first, comment.About),
        ("console", null) => Commands(lines, first, null),
        (_, null) => [],
        _ => throw new FormatException($"Line {first - 2}: a {language} block cannot be marked `{comment.Mark}`."),
    };

    private static IEnumerable<CommandStep> Commands(string[] lines, int first, string? typed)
    {
        for (var at = 0; at < lines.Length;)
        {
            Assert.True(lines[at].StartsWith(Prompt, StringComparison.Ordinal), $"Line {first + at}: a block of commands begins with `{Prompt}`.");
            var start = at;
            List<string> command = [lines[at++][Prompt.Length..]];
            var heredoc = command[0].Split("<<'") is [_, var rest] ? rest.Split('\'')[0] : null;
            while (at < lines.Length && (heredoc is null ? command[^1].EndsWith('\\') : command[^1] != heredoc))
            {
                command.Add(lines[at++]);
            }

            var printed = lines.Skip(at).TakeWhile(line => !line.StartsWith(Prompt, StringComparison.Ordinal)).ToArray();
            at += printed.Length;
            yield return new(first + start, string.Join('\n', command), printed, typed);
        }
    }

    private static (string Mark, string About) Mark(string line)
    {
        if (!line.StartsWith("<!-- ", StringComparison.Ordinal) || !line.EndsWith(" -->", StringComparison.Ordinal))
        {
            return default;
        }

        var words = line[5..^4].Split(": ", 2);
        return (words[0], words.ElementAtOrDefault(1) ?? "");
    }
}
