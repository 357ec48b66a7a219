using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Stoa.Cli.Output;

/// <summary>JSON as YAML that every reader takes for the same values: a text that might be read as anything else is quoted.</summary>
internal static class YamlDisplay
{
    private static readonly EmitterSettings Settings = new(bestIndent: 2, bestWidth: int.MaxValue, isCanonical: false, maxSimpleKeyLength: 1024, newLine: "\n");

    // What YAML 1.1 or 1.2 readers take for something other than text.
    private static readonly HashSet<string> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        "", "~", "null", "true", "false", "yes", "no", "on", "off", "y", "n", ".inf", "-.inf", "+.inf", ".nan", "<<", "=",
    };

    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789abcdefABCDEFxXoO_.:+-TZ ");

    /// <summary>One document, without marks around it.</summary>
    public static string Of(JsonNode? node)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var emitter = new Emitter(text, Settings);
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(null, [], isImplicit: true));
        Write(emitter, node);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());

        // Some lone values are followed by an end mark.
        var yaml = text.ToString();
        return yaml.EndsWith("\n...\n", StringComparison.Ordinal) ? yaml[..^4] : yaml;
    }

    private static void Write(Emitter emitter, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject map:
                emitter.Emit(new MappingStart(null, null, isImplicit: true, map.Count == 0 ? MappingStyle.Flow : MappingStyle.Block));
                foreach (var (key, value) in map)
                {
                    WriteText(emitter, key, mayBreak: false);
                    Write(emitter, value);
                }

                emitter.Emit(new MappingEnd());
                break;

            case JsonArray list:
                emitter.Emit(new SequenceStart(null, null, isImplicit: true, list.Count == 0 ? SequenceStyle.Flow : SequenceStyle.Block));
                foreach (var item in list)
                {
                    Write(emitter, item);
                }

                emitter.Emit(new SequenceEnd());
                break;

            case JsonValue value when value.GetValueKind() is JsonValueKind.String:
                WriteText(emitter, value.GetValue<string>(), mayBreak: true);
                break;

            default:
                emitter.Emit(new Scalar(null, null, node?.ToJsonString() ?? "null", ScalarStyle.Plain, isPlainImplicit: true, isQuotedImplicit: false));
                break;
        }
    }

    private static void WriteText(Emitter emitter, string text, bool mayBreak) =>
        emitter.Emit(new Scalar(null, null, text, StyleOf(text, mayBreak), isPlainImplicit: true, isQuotedImplicit: true));

    private static ScalarStyle StyleOf(string text, bool mayBreak) =>
        text.AsSpan().ContainsAnyExceptInRange(' ', '~') && text.Any(c => c != '\n' && (char.IsControl(c) || char.IsSurrogate(c) || c is '\u2028' or '\u2029' or '\ufeff')) ? ScalarStyle.DoubleQuoted
        : text.Contains('\n', StringComparison.Ordinal) ? (mayBreak && IsBlock(text) ? ScalarStyle.Literal : ScalarStyle.DoubleQuoted)
        : IsPlain(text) ? ScalarStyle.Plain
        : ScalarStyle.SingleQuoted;

    private static bool IsPlain(string text) =>
        !Words.Contains(text)
        && !(char.IsAsciiDigit(text[0]) || text[0] is '+' or '-' or '.') | text.AsSpan().ContainsAnyExcept(NumberCharacters)
        && !text.StartsWith("---", StringComparison.Ordinal) && !text.StartsWith("...", StringComparison.Ordinal);

    // A block keeps its text when no line begins or ends in blanks and one line end, at most, ends it.
    private static bool IsBlock(string text) =>
        !text.EndsWith("\n\n", StringComparison.Ordinal)
        && text.TrimEnd('\n').Split('\n') is var lines
        && lines[0].Length > 0
        && lines.All(line => line.Length == 0 || (line[0] is not (' ' or '\t') && line[^1] is not (' ' or '\t')));
}
