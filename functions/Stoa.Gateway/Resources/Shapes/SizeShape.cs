using System.Globalization;
using System.Text.Json;
using Stoa.Gateway.Resources.Reading;

namespace Stoa.Gateway.Resources.Shapes;

/// <summary>
/// A number of bytes, bare or such as <c>512KiB</c>; stored in the largest unit that keeps it whole, so <c>1024</c> and <c>1KiB</c> are equal.
/// </summary>
internal sealed class SizeShape(long smallest, long largest) : Shape
{
    public override string Words => $"size, `{SizeText.Format(smallest)}` to `{SizeText.Format(largest)}`";

    public override Node? Read(Node node, Place place)
    {
        if (node is not ScalarNode { Kind: ScalarKind.Text or ScalarKind.Number } scalar)
        {
            return Refuse(place, node, "a size such as `512KiB`, or a number of bytes");
        }

        var known = scalar.Kind is ScalarKind.Number
            ? long.TryParse(scalar.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            : SizeText.TryParse(scalar.Text, out value);
        if (!known)
        {
            place.Fault(scalar.At, "Expected a size: a whole number and one of the units B, KiB, MiB, GiB, such as `512KiB`.");
            return null;
        }

        if (value >= smallest && value <= largest)
        {
            return new ScalarNode(scalar.At, ScalarKind.Text, SizeText.Format(value));
        }

        place.Fault(scalar.At, $"Expected a size from `{SizeText.Format(smallest)}` to `{SizeText.Format(largest)}`.");
        return null;
    }

    public override void Describe(Utf8JsonWriter json)
    {
        json.WriteStartArray("type");
        json.WriteStringValue("string");
        json.WriteStringValue("integer");
        json.WriteEndArray();
        json.WriteString("pattern", "^[0-9]+(B|KiB|MiB|GiB)$");
        json.WriteNumber("minimum", smallest);
        json.WriteNumber("maximum", largest);
    }
}
