using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Stoa.Cli.Output;

/// <summary>
/// JSON as YAML that every reader takes for the same values: block style, letters of all scripts as they are, and a text that might be read
/// as anything else is quoted. YamlDotNet's emitter escapes whatever lies beyond the first plane and leaves keys plain that its own parser
/// refuses.
/// </summary>
internal static class YamlDisplay
{
    // A longer one must be announced (YAML 1.2.2 §7.4.2 allows 1,024 characters, quotes and escapes included).
    private const int LongestKey = 150;

    // What YAML 1.1 or 1.2 readers take for something other than text.
    private static readonly HashSet<string> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        "null", "true", "false", "yes", "no", "on", "off", "y", "n",
    };

    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789abcdefABCDEFxXoO_.:+-TZ ");
    private static readonly SearchValues<char> KeyCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.$/-");

    /// <summary>One document, without marks around it.</summary>
    public static string Of(JsonNode? node)
    {
        var text = new StringBuilder();
        WriteBlock(text, node, 0);
        return text.ToString();
    }

    // Begins at the start of a line and ends with one.
    private static void WriteBlock(StringBuilder text, JsonNode? node, int indent)
    {
        switch (node)
        {
            case JsonObject { Count: > 0 } map:
                WriteMap(text, map, indent, isInLine: false);
                break;
            case JsonArray { Count: > 0 } list:
                foreach (var item in list)
                {
                    text.Append(' ', indent).Append("- ");
                    if (item is JsonObject { Count: > 0 } inner)
                    {
                        WriteMap(text, inner, indent + 2, isInLine: true);
                    }
                    else
                    {
                        WriteAfter(text, item, indent + 2, listIndent: indent + 2);
                    }
                }

                break;
            default:
                text.Append(' ', indent);
                WriteAfter(text, node, indent + 2, indent);
                break;
        }
    }

    private static void WriteMap(StringBuilder text, JsonObject map, int indent, bool isInLine)
    {
        foreach (var (key, value) in map)
        {
            text.Append(' ', isInLine ? 0 : indent);
            isInLine = false;
            if (key.Length > LongestKey)
            {
                text.Append("? ").Append(Quoted(key)).Append('\n').Append(' ', indent);
            }
            else
            {
                text.Append(IsPlainKey(key) ? key : Quoted(key));
            }

            text.Append(':');
            text.Append(value is JsonObject { Count: > 0 } or JsonArray { Count: > 0 } ? "" : " ");
            WriteAfter(text, value, indent + 2, listIndent: indent);
        }
    }

    /// <summary>What follows a key or a dash: on the same line when it is short, below it otherwise.</summary>
    private static void WriteAfter(StringBuilder text, JsonNode? value, int indent, int listIndent)
    {
        switch (value)
        {
            case JsonObject { Count: > 0 }:
                text.Append('\n');
                WriteBlock(text, value, indent);
                break;
            case JsonArray { Count: > 0 }:
                text.Append('\n');
                WriteBlock(text, value, listIndent);
                break;
            case JsonObject:
                text.Append("{}\n");
                break;
            case JsonArray:
                text.Append("[]\n");
                break;
            case JsonValue scalar when scalar.GetValueKind() is JsonValueKind.String && scalar.GetValue<string>() is var words:
                if (IsBlock(words))
                {
                    WriteLiteral(text, words, indent);
                }
                else
                {
                    text.Append(IsPlain(words) ? words : Quoted(words)).Append('\n');
                }

                break;
            default:
                text.Append(value?.ToJsonString() ?? "null").Append('\n');
                break;
        }
    }

    private static void WriteLiteral(StringBuilder text, string words, int indent)
    {
        text.Append(words.EndsWith('\n') ? "|\n" : "|-\n");
        foreach (var line in words.TrimEnd('\n').Split('\n'))
        {
            text.Append(' ', line.Length == 0 ? 0 : indent).Append(line).Append('\n');
        }
    }

    private static bool IsPlainKey(string key) => IsPlain(key) && !key.AsSpan().ContainsAnyExcept(KeyCharacters);

    private static bool IsPlain(string text) =>
        text.Length > 0
        && (char.IsLetter(text[0]) || text[0] is '_' or '/' or '$' or '^' or '(' || (char.IsAsciiDigit(text[0]) && text.AsSpan().ContainsAnyExcept(NumberCharacters)))
        && !Words.Contains(text)
        && text[^1] is not (' ' or ':')
        && !text.Contains(": ", StringComparison.Ordinal)
        && !text.Contains(" #", StringComparison.Ordinal)
        && text.All(IsPrintable);

    // A block keeps its text when its first line shows the indentation, no line ends in blanks and one line end, at most, ends it.
    private static bool IsBlock(string text) =>
        text.TrimEnd('\n').Contains('\n', StringComparison.Ordinal)
        && !text.EndsWith("\n\n", StringComparison.Ordinal)
        && text[0] is not ('\n' or ' ')
        && text.TrimEnd('\n').Split('\n').All(line => line.Length == 0 || (line[^1] != ' ' && line.All(IsPrintable)));

    private static string Quoted(string text)
    {
        if (text.All(IsPrintable))
        {
            return $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
        }

        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            quoted.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\t' => "\\t",
                '\r' => "\\r",
                _ when IsPrintable(c) => c.ToString(),
                _ => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}"),
            });
        }

        return quoted.Append('"').ToString();
    }

    // Surrogates come in pairs: JSON with a lone one was never read.
    private static bool IsPrintable(char c) => !char.IsControl(c) && c is not ('\u2028' or '\u2029' or '\ufeff') && !Printable.IsDirection(c) && c is not ('\ufffe' or '\uffff');
}
