using System.Globalization;
using System.Text.Json;
using Stoa.Gateway.Resources.Reading;

namespace Stoa.Gateway.Resources.Shapes;

/// <summary>A list of one shape, in the order written. Texts in it must differ.</summary>
internal sealed class ListShape(Shape item) : Shape
{
    public int Fewest { get; init; }

    public int Most { get; init; } = int.MaxValue;

    public Shape Item => item;

    public override string Words => $"list of {item.Words}";

    public override Node? Read(Node node, Place place)
    {
        if (node is not ListNode list)
        {
            return Refuse(place, node, "a list");
        }

        if (list.Items.Count < Fewest || list.Items.Count > Most)
        {
            place.Fault(list.At, string.Create(CultureInfo.InvariantCulture, $"The list has {list.Items.Count} items; {Fewest} to {Most} are allowed."));
            return null;
        }

        var items = new List<Node>(list.Items.Count);
        var texts = new HashSet<string>();
        for (var i = 0; i < list.Items.Count; i++)
        {
            if (item.Read(list.Items[i], place.Item(i)) is not { } read)
            {
                continue;
            }

            items.Add(read);
            if (read is ScalarNode { Kind: ScalarKind.Text } text && !texts.Add(text.Text))
            {
                place.Item(i).Fault(text.At, "This is in the list already; remove one of the two.");
            }
        }

        return new ListNode(list.At, items);
    }

    public override void Describe(Utf8JsonWriter json)
    {
        json.WriteString("type", "array");
        json.WriteStartObject("items");
        item.Describe(json);
        json.WriteEndObject();
        if (Fewest > 0)
        {
            json.WriteNumber("minItems", Fewest);
        }

        if (Most < int.MaxValue)
        {
            json.WriteNumber("maxItems", Most);
        }

        json.WriteBoolean("uniqueItems", true);
    }
}
