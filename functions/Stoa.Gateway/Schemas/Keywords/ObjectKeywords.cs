using System.Text.Json;
using Stoa.Gateway.Schemas.Json;
using Stoa.Gateway.Schemas.Patterns;
using Stoa.Gateway.Schemas.Rules;

namespace Stoa.Gateway.Schemas.Keywords;

/// <summary>Keywords about an object's members: which must be there, and what schemas they keep.</summary>
internal static class ObjectKeywords
{
    public static void Read(SchemaSource schema, List<Rule> rules)
    {
        if (schema.Dialect.Validates)
        {
            ReadRequired(schema, rules);
        }

        ReadProperties(schema, rules);
        if (schema.Node("propertyNames") is { } names)
        {
            rules.Add(new PropertyNamesRule(schema.Site("propertyNames"), names));
        }

        ReadDependencies(schema, "dependentSchemas", rules);
        ReadDependencies(schema, "dependencies", rules);
    }

    private static void ReadRequired(SchemaSource schema, List<Rule> rules)
    {
        // Draft 3 had a flag inside each property, and some generators still write one. It says nothing about this value.
        if (schema.TryGet("required", out var required) && required.ValueKind is not (JsonValueKind.True or JsonValueKind.False)
            && schema.TryGetNames("required", required, out var names) && names.Length > 0)
        {
            rules.Add(new RequiredRule(schema.Site("required"), new NameTable(names)));
        }

        foreach (var entry in schema.Entries("dependentRequired"))
        {
            AddDependentNames(schema, "dependentRequired", entry, rules);
        }
    }

    private static void ReadProperties(SchemaSource schema, List<Rule> rules)
    {
        var named = schema.Entries("properties");
        var additional = schema.Node("additionalProperties");
        var patterned = new List<(Pattern, SchemaNode)>();
        foreach (var entry in schema.Entries("patternProperties"))
        {
            if (StringKeywords.TryCreate(schema, "patternProperties", entry.Name) is { } pattern)
            {
                patterned.Add((pattern, schema.EntryNode("patternProperties", entry)));
            }
        }

        if (named.Count > 0 || patterned.Count > 0 || additional is not null)
        {
            rules.Add(new PropertiesRule(
                schema.Site("additionalProperties"),
                new NameTable([.. named.Select(e => e.Name)]),
                [.. named.Select(e => schema.EntryNode("properties", e))],
                [.. patterned],
                additional));
        }
    }

    /// <summary><c>dependentSchemas</c>, or <c>dependencies</c> of older drafts, whose entries are schemas or lists of names.</summary>
    private static void ReadDependencies(SchemaSource schema, string keyword, List<Rule> rules)
    {
        foreach (var entry in schema.Entries(keyword))
        {
            if (keyword == "dependencies" && entry.Value.ValueKind is JsonValueKind.Array)
            {
                AddDependentNames(schema, keyword, entry, rules);
            }
            else
            {
                var node = schema.EntryNode(keyword, entry);
                rules.Add(new DependentSchemaRule(schema.Site(keyword, entry.Name), new MemberName(entry.Name), node));
            }
        }
    }

    private static void AddDependentNames(SchemaSource schema, string keyword, JsonProperty entry, List<Rule> rules)
    {
        if (schema.TryGetNames(keyword, entry.Value, out var names) && names.Length > 0)
        {
            rules.Add(new RequiredRule(schema.Site(keyword, entry.Name), new NameTable(names), new MemberName(entry.Name)));
        }
    }
}
