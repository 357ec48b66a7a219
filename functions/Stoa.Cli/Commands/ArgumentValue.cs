using System.Text.Json;
using System.Text.Json.Nodes;
using Stoa.Cli.Output;

namespace Stoa.Cli.Commands;

/// <summary>A word of the command line as the JSON value that a schema asks for. What fits no type stays a text, and the gateway says why that is wrong.</summary>
internal static class ArgumentValue
{
    /// <param name="isAlone">False when the argument was repeated, so that its values make a list.</param>
    public static JsonNode? Of(string text, JsonNode? schema, bool isAlone)
    {
        var types = TypesOf(schema);
        if (types.Contains("array"))
        {
            return !isAlone ? Of(text, schema.At("items"), isAlone: true)
                : Parse(text) as JsonArray ?? (JsonNode)new JsonArray(Of(text, schema.At("items"), isAlone: true));
        }

        return types.Contains("string") || types.Count == 0 ? JsonValue.Create(text)
            : Parse(text) is { } value && types.Any(type => Fits(value, type)) ? value
            : text == "null" && types.Contains("null") ? null
            : JsonValue.Create(text);
    }

    private static IReadOnlyList<string> TypesOf(JsonNode? schema) => schema.At("type") switch
    {
        JsonArray list => [.. list.Select(type => type.InWords())],
        JsonValue one => [one.InWords()],
        _ => [],
    };

    private static bool Fits(JsonNode value, string type) => value.GetValueKind() switch
    {
        JsonValueKind.Number => type is "number" or "integer",
        JsonValueKind.True or JsonValueKind.False => type is "boolean",
        JsonValueKind.Object => type is "object",
        _ => false,
    };

    private static JsonNode? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
