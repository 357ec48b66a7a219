using System.Text.Json;
using System.Text.Json.Nodes;

namespace Stoa.Cli.Output;

/// <summary>Reads answers without insisting on their shape: a newer gateway may say more, an older one less.</summary>
internal static class JsonReading
{
    /// <summary>The value at a dotted path, null when there is none.</summary>
    public static JsonNode? At(this JsonNode? node, string path) =>
        path.Split('.').Aggregate(node, static (at, name) => at is JsonObject map && map.TryGetPropertyValue(name, out var child) ? child : null);

    /// <summary>The value at a path in words: a text as it is, a list with commas, nothing when there is none.</summary>
    public static string Text(this JsonNode? node, string path) => InWords(node.At(path));

    public static string InWords(this JsonNode? node) => node switch
    {
        null => "",
        JsonArray list => string.Join(",", list.Select(InWords)),
        JsonValue value when value.GetValueKind() is JsonValueKind.String => value.GetValue<string>(),
        _ => node.ToJsonString(),
    };
}
