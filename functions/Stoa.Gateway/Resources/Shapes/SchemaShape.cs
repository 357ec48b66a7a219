using System.Text.Json;
using Stoa.Gateway.Resources.Reading;

namespace Stoa.Gateway.Resources.Shapes;

/// <summary>A JSON Schema given as an object, its inside left to whoever compiles it; the root's type may be fixed.</summary>
internal sealed class SchemaShape(string? rootType) : Shape
{
    private static readonly JsonShape Inside = new();

    public override string Words => rootType is null ? "JSON Schema" : $"JSON Schema with `type: {rootType}`";

    public override Node? Read(Node node, Place place)
    {
        if (node is not MapNode map)
        {
            return Refuse(place, node, "a JSON Schema written as a map");
        }

        if (rootType is not null && (map["type"] is not ScalarNode { Kind: ScalarKind.Text } type || type.Text != rootType))
        {
            place.Field("type").Fault(map["type"]?.At ?? map.At, $"The schema's root must say `type: {rootType}`.");
        }

        return Inside.Read(map, place);
    }

    public override void Describe(Utf8JsonWriter json)
    {
        json.WriteString("type", "object");
        if (rootType is null)
        {
            return;
        }

        json.WriteStartObject("properties");
        json.WriteStartObject("type");
        json.WriteString("const", rootType);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartArray("required");
        json.WriteStringValue("type");
        json.WriteEndArray();
    }
}
