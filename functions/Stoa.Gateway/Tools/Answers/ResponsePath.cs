using System.Diagnostics.CodeAnalysis;
using Stoa.Gateway.Tools.Templates;

namespace Stoa.Gateway.Tools.Answers;

/// <summary>
/// A path to parts of an answer: <c>main.temp</c>, <c>weather[0].description</c>, <c>items[].name</c> for every item,
/// <c>["odd name"]</c>. A leading <c>.response</c>, <c>.</c> or <c>$</c> says the same as none, and <c>[*]</c> the same as <c>[]</c>.
/// </summary>
internal sealed class ResponsePath
{
    private readonly PathStep[] _steps;

    private ResponsePath(string text, PathStep[] steps) => (Text, _steps) = (text, steps);

    /// <summary>As declared.</summary>
    public string Text { get; }

    /// <summary>None when the whole answer is meant.</summary>
    public ReadOnlySpan<PathStep> Steps => _steps;

    public static bool TryCompile(string text, [NotNullWhen(true)] out ResponsePath? path, [NotNullWhen(false)] out TemplateFault? fault)
    {
        path = null;
        var cursor = new TemplateCursor(text);
        if (!cursor.IsReadable(out fault))
        {
            return false;
        }

        var steps = new List<PathStep>();
        if (TryRead(cursor, steps))
        {
            path = new(text, [.. steps]);
            return true;
        }

        fault = cursor.Fault!;
        return false;
    }

    /// <summary>Takes a text that was compiled when its tool was applied, so that a fault here means a damaged revision.</summary>
    public static ResponsePath OfStored(string text) => TryCompile(text, out var compiled, out var fault) ? compiled : throw fault.AsDamage();

    private static bool TryRead(TemplateCursor cursor, List<PathStep> steps)
    {
        if (cursor.IsAtEnd)
        {
            return cursor.Fail("A path is empty; write `$` for the whole answer.");
        }

        var isWhole = cursor.Is("$") && (cursor.Text.Length == 1 || cursor.Text[1] is '.' or '[');
        if (isWhole)
        {
            cursor.At++;
        }
        else if (cursor.Is(".response") && (cursor.Text.Length == ".response".Length || cursor.Text[".response".Length] is '.' or '['))
        {
            cursor.At += ".response".Length;
        }
        else if (cursor.Text == "." || cursor.Is(".["))
        {
            cursor.At++;
        }
        else if (cursor.Current is not ('.' or '[') && !PathReader.TryReadName(cursor, steps))
        {
            return false;
        }

        if (!PathReader.TryReadSteps(cursor, allowEach: true, steps))
        {
            return false;
        }

        return cursor.IsAtEnd || cursor.Fail(cursor.Current is '{' or '}'
            ? "A path is no template: write it without braces."
            : "Expected `.` and a name, or `[`; write names with other characters as [\"odd name\"].");
    }
}
