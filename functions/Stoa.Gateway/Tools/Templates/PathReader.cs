using System.Globalization;

namespace Stoa.Gateway.Tools.Templates;

/// <summary>Reads the steps of a path: <c>.name</c>, <c>["any name"]</c>, <c>[3]</c> and, where lists may be mapped, <c>[]</c> or <c>[*]</c>.</summary>
internal static class PathReader
{
    public const int MaxSteps = 32;

    private const int MaxIndexDigits = 5;

    public const string NoLoops =
        "There are no loops or conditions in a template. To take parts of every item of a list, name them in responseMapping, as in "
        + "`items[].name`, and put the list in whole, as in {{.response.items}}; for a missing value use `| default`.";

    /// <summary>As many steps as stand here, possibly none.</summary>
    public static bool TryReadSteps(TemplateCursor cursor, bool allowEach, List<PathStep> steps)
    {
        while (cursor.Current is '.' or '[' && !cursor.IsAtEnd)
        {
            if (steps.Count == MaxSteps)
            {
                return cursor.Fail($"A path has at most {MaxSteps} steps.");
            }

            if (!(cursor.TryTake('.') ? TryReadName(cursor, steps) : TryReadBrackets(cursor, allowEach, steps)))
            {
                return false;
            }
        }

        return true;
    }

    public static bool TryReadName(TemplateCursor cursor, List<PathStep> steps)
    {
        var start = cursor.At;
        if (cursor.TakeWord() is { Length: > 0 } name)
        {
            steps.Add(PathStep.Member(name));
            return true;
        }

        return cursor.Fail(start, cursor.Current == '['
            ? "Write the brackets directly after the name, without a dot."
            : "Expected a name after the dot; write names with other characters as [\"odd name\"].");
    }

    private static bool TryReadBrackets(TemplateCursor cursor, bool allowEach, List<PathStep> steps)
    {
        var open = cursor.At++;
        if (cursor.Is("]") || cursor.Is("*]"))
        {
            cursor.At += cursor.Current == '*' ? 2 : 1;
            steps.Add(PathStep.Each);
            return allowEach || cursor.Fail(open, NoLoops);
        }

        if (cursor.Current == '"')
        {
            if (!JsonStringReader.TryRead(cursor, out var name))
            {
                return false;
            }

            steps.Add(PathStep.Member(name));
        }
        else if (!TryReadIndex(cursor, steps))
        {
            return false;
        }

        return cursor.TryTake(']') || cursor.Fail("Expected `]`.");
    }

    private static bool TryReadIndex(TemplateCursor cursor, List<PathStep> steps)
    {
        var start = cursor.At;
        while (char.IsAsciiDigit(cursor.Current))
        {
            cursor.At++;
        }

        var digits = cursor.Text.AsSpan(start, cursor.At - start);
        if (digits.IsEmpty)
        {
            return cursor.Fail(cursor.Current switch
            {
                '-' => "An index counts from 0; there are no negative ones.",
                '\'' or '\\' => "Write the name in plain double quotes, as in [\"odd name\"].",
                _ => "Expected an index, as in [0], or a name in double quotes, as in [\"odd name\"].",
            });
        }

        if (digits.Length > MaxIndexDigits)
        {
            return cursor.Fail(start, "An index is at most 99999.");
        }

        steps.Add(PathStep.Item(int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture)));
        return true;
    }
}
