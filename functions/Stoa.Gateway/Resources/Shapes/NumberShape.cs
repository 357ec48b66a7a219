using System.Globalization;
using System.Text.Json;
using Stoa.Gateway.Resources.Reading;

namespace Stoa.Gateway.Resources.Shapes;

/// <summary>Any number within limits.</summary>
internal sealed class NumberShape(double least, double most) : Shape
{
    public override string Words => string.Create(CultureInfo.InvariantCulture, $"number, {least} to {most}");

    public override Node? Read(Node node, Place place)
    {
        if (node is not ScalarNode { Kind: ScalarKind.Number } scalar)
        {
            return Refuse(place, node, "a number");
        }

        var value = double.Parse(scalar.Text, CultureInfo.InvariantCulture);
        if (value >= least && value <= most)
        {
            return scalar;
        }

        place.Fault(scalar.At, string.Create(CultureInfo.InvariantCulture, $"Expected a number from {least} to {most}."));
        return null;
    }

    public override void Describe(Utf8JsonWriter json)
    {
        json.WriteString("type", "number");
        json.WriteNumber("minimum", least);
        json.WriteNumber("maximum", most);
    }
}
