using System.Text.Json;
using System.Text.Json.Nodes;

namespace Stoa.Gateway.OpenApi;

/// <summary>Says in JSON Schema 2020-12 what OpenAPI said in words of its own: <c>nullable</c>, flags as exclusive limits, <c>example</c>.</summary>
internal static class SchemaDialect
{
    public static void Modernise(JsonObject copy, JsonElement schema, bool is30)
    {
        if (schema.Member("example") is { } example && !copy.ContainsKey("examples"))
        {
            copy["examples"] = new JsonArray(JsonNode.Parse(example.GetRawText()));
        }

        // Parameters and media types have named examples; in a schema such a map would be invalid.
        if (copy["examples"] is not (null or JsonArray))
        {
            copy.Remove("examples");
        }

        if (is30)
        {
            Exclude(copy, "minimum", "exclusiveMinimum");
            Exclude(copy, "maximum", "exclusiveMaximum");
            if (schema.Flag("nullable") is true)
            {
                AllowNull(copy);
            }
        }
    }

    private static void Exclude(JsonObject copy, string limit, string exclusive)
    {
        if (copy[exclusive]?.GetValueKind() is not (JsonValueKind.True or JsonValueKind.False) || !copy.Remove(exclusive, out var flag))
        {
            return;
        }

        if (flag!.GetValueKind() is JsonValueKind.True && copy.Remove(limit, out var value))
        {
            copy[exclusive] = value;
        }
    }

    private static void AllowNull(JsonObject copy)
    {
        if (copy["type"] is JsonValue type && type.GetValueKind() is JsonValueKind.String)
        {
            copy["type"] = new JsonArray(type.DeepClone(), "null");
            if (copy["enum"] is JsonArray values && !values.Any(v => v is null))
            {
                values.Add(null);
            }

            return;
        }

        // By the letter (OpenAPI 3.0.3, nullable) it has no effect without a type; by the hand of most generators it means the reference beside it.
        foreach (var keyword in new[] { "allOf", "anyOf", "oneOf" })
        {
            if (copy.Remove(keyword, out var branches))
            {
                copy["anyOf"] = keyword == "anyOf" && branches is JsonArray list
                    ? new JsonArray([.. list.Select(b => b?.DeepClone()), NullSchema()])
                    : new JsonArray(new JsonObject { [keyword] = branches }, NullSchema());
                return;
            }
        }
    }

    private static JsonObject NullSchema() => new() { ["type"] = "null" };
}
