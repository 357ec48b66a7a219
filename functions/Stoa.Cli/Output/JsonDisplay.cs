using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Stoa.Cli.Output;

/// <summary>JSON with line breaks, letters of all scripts as they are, control and direction characters escaped.</summary>
internal static class JsonDisplay
{
    private const int EscapedPair = 12;

    private static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(JsonNode? node)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Indented))
        {
            if (node is null)
            {
                json.WriteNullValue();
            }
            else
            {
                node.WriteTo(json);
            }
        }

        return WithPairs(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    // No encoder of System.Text.Json leaves characters beyond the first plane alone.
    private static string WithPairs(string json)
    {
        var text = new StringBuilder(json.Length);
        for (var i = 0; i < json.Length; i++)
        {
            if (Printable.IsDirection(json[i]))
            {
                text.Append(CultureInfo.InvariantCulture, $"\\u{(int)json[i]:x4}");
            }
            else if (json[i] != '\\')
            {
                text.Append(json[i]);
            }
            else if (Unit(json, i) is { } high && char.IsHighSurrogate(high) && Unit(json, i + 6) is { } low && char.IsLowSurrogate(low))
            {
                text.Append(high).Append(low);
                i += EscapedPair - 1;
            }
            else
            {
                text.Append(json[i]).Append(json[++i]);
            }
        }

        return text.ToString();
    }

    /// <summary>The UTF-16 unit of <c>\uXXXX</c> at an index; null when there is something else.</summary>
    private static char? Unit(string json, int at) =>
        at + 6 <= json.Length && json[at] == '\\' && json[at + 1] == 'u' && ushort.TryParse(json.AsSpan(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit)
            ? (char)unit
            : null;
}
