using System.Globalization;
using System.Text.Json;
using Stoa.Gateway.Resources.Reading;

namespace Stoa.Gateway.Resources.Shapes;

/// <summary>Keys of the author's choice, each with a value of one shape; stored in ordinal order of the keys.</summary>
internal sealed class MapShape(TextRule key, Shape value) : Shape
{
    public int Fewest { get; init; }

    public int Most { get; init; } = int.MaxValue;

    public override string Words =>
        string.Create(CultureInfo.InvariantCulture, $"map of {(Fewest > 0 ? $"{Fewest} to" : "up to")} {Most} keys ({key.Words}), each {value.Words}");

    public override Node? Read(Node node, Place place)
    {
        if (node is not MapNode map)
        {
            return Refuse(place, node, "a map");
        }

        if (map.Entries.Count < Fewest || map.Entries.Count > Most)
        {
            place.Fault(map.At, string.Create(CultureInfo.InvariantCulture, $"The map has {map.Entries.Count} keys; {Fewest} to {Most} are allowed."));
            return null;
        }

        var entries = new List<MapEntry>(map.Entries.Count);
        foreach (var entry in map.Entries)
        {
            var at = place.Field(entry.Key);
            if (!key.Accepts(entry.Key))
            {
                at.Fault(entry.KeyAt, $"The key must be {key.Words}.");
            }

            if (value.Read(entry.Value, at) is { } read)
            {
                entries.Add(entry with { Value = read });
            }
        }

        entries.Sort(static (a, b) => string.CompareOrdinal(a.Key, b.Key));
        return new MapNode(map.At, entries);
    }

    public override void Describe(Utf8JsonWriter json)
    {
        json.WriteString("type", "object");
        if (key.Pattern is not null)
        {
            json.WriteStartObject("propertyNames");
            json.WriteString("pattern", key.Pattern);
            json.WriteEndObject();
        }

        json.WriteStartObject("additionalProperties");
        value.Describe(json);
        json.WriteEndObject();
        if (Fewest > 0)
        {
            json.WriteNumber("minProperties", Fewest);
        }

        if (Most < int.MaxValue)
        {
            json.WriteNumber("maxProperties", Most);
        }
    }
}
