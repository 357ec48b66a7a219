using System.Text.Json;
using Stoa.Gateway.Resources;
using Stoa.Gateway.Resources.Reading;
using Stoa.Gateway.Resources.Shapes;

namespace Stoa.Gateway.Tools.Credentials;

/// <summary>
/// Other ways to write <c>auth</c>: the word alone (<c>none</c>), and the fields of the type directly beside <c>type</c>
/// (<c>{type: bearer, secretRef: …}</c>, with <c>headerName</c> for an API key).
/// </summary>
internal static class AuthSpellings
{
    private const string HeaderName = "headerName";

    public static Node? Respell(Node node, Place place, ObjectShape main) => node switch
    {
        ScalarNode { Kind: ScalarKind.Text } word => OfWord(word, place, main),
        MapNode map when FormOf(map, main) is { } form => Nested(map, form, main, place),
        _ => node,
    };

    /// <summary>For editors: any of the fields of any form beside <c>type</c>.</summary>
    public static void DescribeFlat(Utf8JsonWriter json, ObjectShape main)
    {
        json.WriteString("type", "object");
        json.WriteString("description", "The same with the fields of the type directly beside it.");
        json.WriteBoolean("deprecated", true);
        json.WriteStartObject("properties");
        foreach (var field in main.Fields)
        {
            if (field.Shape is not ObjectShape)
            {
                json.WriteStartObject(field.Name);
                field.Shape.Describe(json);
                json.WriteEndObject();
            }
        }

        var spellings = main.Fields.Select(f => f.Shape).OfType<ObjectShape>().SelectMany(s => s.Fields).SelectMany(f => f.Aliases.Prepend(f.Name));
        foreach (var name in spellings.Append(HeaderName).Distinct())
        {
            json.WriteStartObject(name);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteStartArray("required");
        json.WriteStringValue("type");
        json.WriteEndArray();
        json.WriteBoolean("additionalProperties", false);
    }

    private static MapNode? OfWord(ScalarNode word, Place place, ObjectShape main)
    {
        if (word.Text.Equals("none", StringComparison.OrdinalIgnoreCase))
        {
            return new MapNode(word.At, [new("type", word.At, word)]);
        }

        var form = main.Fields.FirstOrDefault(f => f.Shape is ObjectShape && f.Name.Equals(word.Text, StringComparison.OrdinalIgnoreCase));
        place.Fault(word.At, form is { Shape: ObjectShape { Fields: var fields } }
            ? $"`{form.Name}` alone does not say which secret; write `{{type: {form.Name}, {form.Name}: {{{string.Join(", ", fields.Where(f => f.Required).Select(f => f.Name + ": …"))}}}}}`."
            : "Expected `none`, or a map with `type` and the field that it names.");
        return null;
    }

    /// <summary>The form that the type names, when fields of it stand beside the type.</summary>
    private static Field? FormOf(MapNode map, ObjectShape main) =>
        map["type"] is ScalarNode { Kind: ScalarKind.Text } type
        && main.Fields.FirstOrDefault(f => f.Shape is ObjectShape && f.Name.Equals(type.Text, StringComparison.OrdinalIgnoreCase)) is { } form
        && map.Entries.Any(e => BelongsTo(form, e.Key, main))
            ? form
            : null;

    private static bool BelongsTo(Field form, string key, ObjectShape main) =>
        !main.Fields.Any(f => f.Answers(key)) && (((ObjectShape)form.Shape).Fields.Any(f => f.Answers(key)) || (form.Name is "apiKey" or "bearer" && key == HeaderName));

    private static MapNode? Nested(MapNode map, Field form, ObjectShape main, Place place)
    {
        var inner = map.Entries.Where(e => BelongsTo(form, e.Key, main)).ToList();
        if (map[form.Name] is not null)
        {
            place.Field(inner[0].Key).Fault(inner[0].KeyAt, $"`{form.Name}` is given too; move `{inner[0].Key}` into it.");
            return null;
        }

        var at = map.Entries.First(e => e.Key == "type").KeyAt;
        var moved = form.Name switch
        {
            "apiKey" => KeyInHeader(inner),
            "basic" => UserAndPassword(inner),
            "bearer" => [.. inner.Where(e => !IsAuthorization(e))],
            _ => inner,
        };
        return new MapNode(map.At, [.. map.Entries.Except(inner), new(form.Name, at, new MapNode(inner[0].Value.At, moved))]);
    }

    /// <summary><c>headerName</c> says both that the key goes into a header and which.</summary>
    private static List<MapEntry> KeyInHeader(List<MapEntry> fields)
    {
        var named = fields.FindIndex(e => e.Key == HeaderName);
        if (named < 0)
        {
            return fields;
        }

        var (header, at) = (fields[named], fields[named].KeyAt);
        return [.. fields.Where(e => e.Key != HeaderName), new("in", at, new ScalarNode(at, ScalarKind.Text, "header")), header with { Key = "name" }];
    }

    /// <summary>A secret without a key holds both, under the names that Kubernetes gives them.</summary>
    private static List<MapEntry> UserAndPassword(List<MapEntry> fields)
    {
        if (fields is not [{ Key: "secretRef", Value: MapNode whole } only] || whole["key"] is not null)
        {
            return fields;
        }

        return [Part(only, "usernameRef", whole, "username"), Part(only, "passwordRef", whole, "password")];
    }

    private static MapEntry Part(MapEntry reference, string name, MapNode secret, string key) => new(
        name, reference.KeyAt, new MapNode(secret.At, [.. secret.Entries, new("key", secret.At, new ScalarNode(secret.At, ScalarKind.Text, key))]));

    private static bool IsAuthorization(MapEntry entry) =>
        entry is { Key: HeaderName, Value: ScalarNode { Text: var text } } && text.Equals("Authorization", StringComparison.OrdinalIgnoreCase);
}
