using System.Text.Json;
using Stoa.Gateway.Resources.Reading;

namespace Stoa.Gateway.Resources.Shapes;

/// <summary>A length of time such as <c>30s</c>; stored in the largest unit that keeps it whole, so <c>120s</c> and <c>2m</c> are equal.</summary>
internal sealed class DurationShape(TimeSpan shortest, TimeSpan longest) : Shape
{
    public override string Words => $"duration, `{DurationText.Format(shortest)}` to `{DurationText.Format(longest)}`";

    public override Node? Read(Node node, Place place)
    {
        if (node is not ScalarNode { Kind: ScalarKind.Text } scalar)
        {
            return Refuse(place, node, "a duration with its unit, such as `30s`, `2m` or `500ms`");
        }

        if (!DurationText.TryParse(scalar.Text, out var value))
        {
            place.Fault(scalar.At, "Expected a duration: a whole number and one of the units ms, s, m, h, d, such as `30s`.");
            return null;
        }

        if (value >= shortest && value <= longest)
        {
            return new ScalarNode(scalar.At, ScalarKind.Text, DurationText.Format(value));
        }

        place.Fault(scalar.At, $"Expected a duration from `{DurationText.Format(shortest)}` to `{DurationText.Format(longest)}`.");
        return null;
    }

    public override void Describe(Utf8JsonWriter json)
    {
        json.WriteString("type", "string");
        json.WriteString("pattern", "^[0-9]+(ms|s|m|h|d)$");
    }
}
