using System.Text.Json.Nodes;

namespace Stoa.Cli.Output;

/// <summary>Facts about one thing, a name and a value per line; what has parts is indented below its name, as YAML.</summary>
internal static class Sheet
{
    public static void Print(Screen screen, IEnumerable<(string Name, JsonNode? Value)> facts, string indent = "")
    {
        var present = facts.Where(f => f.Value is not null && f.Value is not JsonObject { Count: 0 } and not JsonArray { Count: 0 }).ToArray();
        var width = present.Where(f => IsShort(f.Value)).Select(f => f.Name.Length).DefaultIfEmpty(0).Max() + 3;
        foreach (var (name, value) in present)
        {
            if (IsShort(value))
            {
                var text = value.InWords();
                screen.Line((indent + $"{name}:".PadRight(width), Tint.Head), (text, Tints.Of(text)));
                continue;
            }

            screen.Line((indent + $"{name}:", Tint.Head));
            foreach (var line in YamlDisplay.Of(value).TrimEnd('\n').Split('\n'))
            {
                screen.Line($"{indent}  {line}");
            }
        }
    }

    /// <summary>All members of an object, known or not: <c>lastCall</c> becomes <c>Last call</c>.</summary>
    public static IEnumerable<(string Name, JsonNode? Value)> FactsOf(JsonObject map) => map.Select(member => (Title(member.Key), member.Value));

    private static bool IsShort(JsonNode? value) =>
        value is JsonValue && !value.InWords().Contains('\n', StringComparison.Ordinal) || value is JsonArray list && list.All(item => item is JsonValue && !item.InWords().Contains('\n', StringComparison.Ordinal));

    public static string Title(string name)
    {
        var words = string.Concat(name.Select(c => char.IsAsciiLetterUpper(c) ? $" {char.ToLowerInvariant(c)}" : $"{c}"));
        return words.Length == 0 ? words : char.ToUpperInvariant(words[0]) + words[1..];
    }
}
