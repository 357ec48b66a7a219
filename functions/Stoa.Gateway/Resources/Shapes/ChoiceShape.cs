using System.Text.Json;
using Stoa.Gateway.Resources.Reading;

namespace Stoa.Gateway.Resources.Shapes;

/// <summary>One of a few words; upper and lower case do not matter on the way in, the declared spelling is stored.</summary>
internal sealed class ChoiceShape(IReadOnlyList<string> values) : Shape
{
    public IReadOnlyList<string> Values => values;

    public override string Words => string.Join(" | ", values.Select(v => $"`{v}`"));

    public override Node? Read(Node node, Place place)
    {
        if (node is not ScalarNode { Kind: ScalarKind.Text } scalar)
        {
            return Refuse(place, node, Wording.AnyOf(values));
        }

        var value = values.FirstOrDefault(v => v.Equals(scalar.Text, StringComparison.OrdinalIgnoreCase));
        if (value is not null)
        {
            return value == scalar.Text ? scalar : new ScalarNode(scalar.At, ScalarKind.Text, value);
        }

        place.Fault(scalar.At, Nearest.Among(scalar.Text, values) is { } near
            ? $"Unknown value {Wording.Quoted(scalar.Text)}; did you mean `{near}`?"
            : $"Unknown value {Wording.Quoted(scalar.Text)}; use {Wording.AnyOf(values)}.");
        return null;
    }

    public override void Describe(Utf8JsonWriter json)
    {
        json.WriteString("type", "string");
        json.WriteStartArray("enum");
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }
}
