using System.Text.Json;
using Stoa.Gateway.Schemas.Rules;

namespace Stoa.Gateway.Schemas.Keywords;

/// <summary><c>type</c>, <c>enum</c> and <c>const</c>.</summary>
internal static class ValueKeywords
{
    private static readonly string[] TypeNames = ["object", "array", "string", "number", "integer", "boolean", "null"];

    public static void Read(SchemaSource schema, List<Rule> rules)
    {
        if (schema.TryGet("type", out var type))
        {
            ReadType(schema, type, rules);
        }

        if (schema.TryGet("enum", JsonValueKind.Array, "a list of values", out var values))
        {
            rules.Add(new OneOfValuesRule(schema.Site("enum"), [.. values.EnumerateArray().Select(v => v.Clone())]));
        }

        if (schema.TryGet("const", out var value))
        {
            rules.Add(new OneOfValuesRule(schema.Site("const"), [value.Clone()]));
        }
    }

    private static void ReadType(SchemaSource schema, JsonElement type, List<Rule> rules)
    {
        var kinds = Kinds.None;
        var names = new List<string>();
        foreach (var item in type.ValueKind is JsonValueKind.Array ? type.EnumerateArray().ToArray() : [type])
        {
            var name = item.ValueKind is JsonValueKind.String ? item.GetString()! : item.GetRawText();
            if (!TypeNames.Contains(name))
            {
                var hint = Spelling.Nearest(name, TypeNames) is { } meant
                    ? $"; did you mean \"{meant}\"?"
                    : $"; types are {string.Join(", ", TypeNames)}";
                schema.Fault("type", $"\"{name}\" is no type{hint}");
            }

            kinds |= KindsOf(name);
            names.Add(Phrase(name));
        }

        var phrase = names.Count > 1 ? $"{string.Join(", ", names[..^1])} or {names[^1]}" : string.Concat(names);
        rules.Add(new TypeRule(schema.Site("type"), kinds, names.Contains("an integer"), phrase));
    }

    private static Kinds KindsOf(string name) => name switch
    {
        "object" => Kinds.Object,
        "array" => Kinds.Array,
        "string" => Kinds.String,
        "number" => Kinds.Number,
        "boolean" => Kinds.Boolean,
        "null" => Kinds.Null,
        _ => Kinds.None,
    };

    private static string Phrase(string name) => name switch
    {
        "object" or "array" or "integer" => $"an {name}",
        "null" => name,
        _ => $"a {name}",
    };
}
