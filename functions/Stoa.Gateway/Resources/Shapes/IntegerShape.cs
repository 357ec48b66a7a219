using System.Globalization;
using System.Text.Json;
using Stoa.Gateway.Resources.Reading;

namespace Stoa.Gateway.Resources.Shapes;

/// <summary>A whole number; <c>1e3</c> and <c>5.0</c> are whole too.</summary>
internal sealed class IntegerShape(long least, long most) : Shape
{
    public override string Words => $"whole number, {least} to {most}";

    public override Node? Read(Node node, Place place)
    {
        if (node is not ScalarNode { IsInteger: true } scalar)
        {
            return Refuse(place, node, "a whole number");
        }

        if (long.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
        {
            return scalar;
        }

        place.Fault(scalar.At, $"Expected a whole number from {least} to {most}.");
        return null;
    }

    public override void Describe(Utf8JsonWriter json)
    {
        json.WriteString("type", "integer");
        json.WriteNumber("minimum", least);
        json.WriteNumber("maximum", most);
    }
}
