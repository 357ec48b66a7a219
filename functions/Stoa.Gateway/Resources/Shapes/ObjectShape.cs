using System.Text.Json;
using Stoa.Gateway.Resources.Reading;

namespace Stoa.Gateway.Resources.Shapes;

/// <summary>A map with known fields; stored in the order in which they are declared, defaults written out.</summary>
internal sealed class ObjectShape : Shape
{
    private readonly Field[] _fields;
    private readonly Node?[] _defaults;

    public ObjectShape(params Field[] fields)
    {
        _fields = fields;
        _defaults = [.. fields.Select(f => f.Default is null ? null : Detached(f.Evaluate(f.Default)))];
    }

    public IReadOnlyList<Field> Fields => _fields;

    public override string Words => "object";

    public override Node? Read(Node node, Place place)
    {
        if (node is not MapNode map)
        {
            return Refuse(place, node, $"a map with {Wording.AnyOf([.. _fields.Select(f => f.Name)])}");
        }

        var given = new MapEntry?[_fields.Length];
        var seen = new bool[_fields.Length];
        foreach (var entry in map.Entries)
        {
            var index = Array.FindIndex(_fields, f => f.Answers(entry.Key));
            if (index < 0)
            {
                place.Field(entry.Key).Fault(entry.KeyAt, Unknown(entry.Key));
            }
            else if (seen[index])
            {
                place.Field(entry.Key).Fault(entry.KeyAt, $"This is another spelling of `{_fields[index].Name}`, which is given too; keep one of them.");
            }
            else
            {
                seen[index] = true;
                given[index] = Value(_fields[index], entry, place);
            }
        }

        return new MapNode(map.At, Ordered(map, given, seen, place));
    }

    public override void Describe(Utf8JsonWriter json)
    {
        json.WriteString("type", "object");
        json.WriteStartObject("properties");
        foreach (var field in _fields)
        {
            json.WriteStartObject(field.Name);
            field.Describe(json);
            json.WriteEndObject();
            foreach (var alias in field.Aliases)
            {
                json.WriteStartObject(alias);
                field.Shape.Describe(json);
                json.WriteString("description", $"Another spelling of {field.Name}.");
                json.WriteBoolean("deprecated", true);
                json.WriteEndObject();
            }
        }

        json.WriteEndObject();

        // A required field that may come under another spelling is left to the gateway: `required` knows one name only.
        if (_fields.Any(IsAlwaysRequired))
        {
            json.WriteStartArray("required");
            foreach (var field in _fields.Where(IsAlwaysRequired))
            {
                json.WriteStringValue(field.Name);
            }

            json.WriteEndArray();
        }

        json.WriteBoolean("additionalProperties", false);
    }

    private static bool IsAlwaysRequired(Field field) => field.Required && field.Aliases.Count == 0;

    private static MapEntry? Value(Field field, MapEntry entry, Place place)
    {
        var at = place.Field(field.Name);
        if (field.ReadOnly)
        {
            return null;
        }

        if (entry.Value is ScalarNode { Kind: ScalarKind.Null } && !field.Shape.TakesNull)
        {
            at.Fault(entry.KeyAt, $"`{field.Name}` has no value; give it one or remove it.");
            return null;
        }

        return field.Shape.Read(entry.Value, at) is { } value ? new(field.Name, entry.KeyAt, value) : null;
    }

    private List<MapEntry> Ordered(MapNode map, MapEntry?[] given, bool[] seen, Place place)
    {
        var entries = new List<MapEntry>(_fields.Length);
        for (var i = 0; i < _fields.Length; i++)
        {
            var field = _fields[i];
            if (given[i] is { } entry)
            {
                entries.Add(entry);
            }
            else if (!seen[i] && _defaults[i] is { } value)
            {
                entries.Add(new(field.Name, default, value));
            }
            else if (!seen[i] && field.Required)
            {
                place.Field(field.Name).Fault(map.At, $"`{field.Name}` is missing. {field.Description}");
            }
        }

        return entries;
    }

    private string Unknown(string key)
    {
        var spellings = _fields.SelectMany(f => f.Aliases.Prepend(f.Name));
        if (Nearest.Among(key, spellings) is { } near)
        {
            return $"Unknown field {Wording.Quoted(key)}; did you mean `{_fields.First(f => f.Answers(near)).Name}`?";
        }

        return $"Unknown field {Wording.Quoted(key)}; use {Wording.AnyOf([.. _fields.Where(f => !f.ReadOnly).Select(f => f.Name)])}.";
    }

    /// <summary>A default has no place in the author's text.</summary>
    private static Node Detached(Node node) => node switch
    {
        MapNode map => new MapNode(default, [.. map.Entries.Select(e => new MapEntry(e.Key, default, Detached(e.Value)))]),
        ListNode list => new ListNode(default, [.. list.Items.Select(Detached)]),
        ScalarNode scalar => new ScalarNode(default, scalar.Kind, scalar.Text),
        _ => throw new ArgumentOutOfRangeException(nameof(node)),
    };
}
