using System.Text.Json;
using Stoa.Gateway.Resources.Reading;

namespace Stoa.Gateway.Resources.Shapes;

/// <summary>Any JSON value; stored with the keys of every map in ordinal order, lists as they are.</summary>
internal sealed class JsonShape : Shape
{
    public override string Words => "any JSON";

    public override bool TakesNull => true;

    public override Node? Read(Node node, Place place)
    {
        switch (node)
        {
            case ScalarNode { Kind: ScalarKind.Unrepresentable }:
                place.Fault(node.At, "This number has no JSON form; put it in quotes, or use a number that a double can hold.");
                return null;

            case ListNode list:
                var items = new List<Node>(list.Items.Count);
                for (var i = 0; i < list.Items.Count; i++)
                {
                    if (Read(list.Items[i], place.Item(i)) is { } item)
                    {
                        items.Add(item);
                    }
                }

                return new ListNode(list.At, items);

            case MapNode map:
                var entries = new List<MapEntry>(map.Entries.Count);
                foreach (var entry in map.Entries)
                {
                    if (Read(entry.Value, place.Field(entry.Key)) is { } value)
                    {
                        entries.Add(entry with { Value = value });
                    }
                }

                entries.Sort(static (a, b) => string.CompareOrdinal(a.Key, b.Key));
                return new MapNode(map.At, entries);

            default:
                return node;
        }
    }

    public override void Describe(Utf8JsonWriter json)
    {
        // The empty schema accepts everything.
    }
}
