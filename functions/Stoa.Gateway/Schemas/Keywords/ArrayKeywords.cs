using System.Text.Json;
using Stoa.Gateway.Schemas.Rules;

namespace Stoa.Gateway.Schemas.Keywords;

/// <summary>Keywords about an array's items.</summary>
internal static class ArrayKeywords
{
    public static void Read(SchemaSource schema, List<Rule> rules)
    {
        ReadItems(schema, rules);
        ReadContains(schema, rules);
        if (schema.Dialect.Validates
            && schema.TryGet("uniqueItems", out var unique)
            && (unique.ValueKind is JsonValueKind.True or JsonValueKind.False
                || schema.Fault("uniqueItems", "uniqueItems must be true or false"))
            && unique.ValueKind is JsonValueKind.True)
        {
            rules.Add(new UniqueItemsRule(schema.Site("uniqueItems")));
        }
    }

    private static void ReadItems(SchemaSource schema, List<Rule> rules)
    {
        // A list under items is what older drafts called prefixItems, and additionalItems went with it.
        var isOldTuple = schema.TryGet("items", out var items) && items.ValueKind is JsonValueKind.Array;
        var rest = isOldTuple ? "additionalItems" : "items";
        var prefix = isOldTuple ? schema.Nodes("items") : schema.Dialect.HasPrefixItems ? schema.Nodes("prefixItems") : [];
        var restNode = schema.Node(rest);
        if (prefix.Length > 0 || restNode is not null)
        {
            rules.Add(new ItemsRule(schema.Site(rest), prefix, restNode));
        }
    }

    private static void ReadContains(SchemaSource schema, List<Rule> rules)
    {
        if (schema.Node("contains") is { } node)
        {
            var minimum = schema.Dialect.Validates && schema.TryGetCount("minContains", out var least) ? least : 1;
            long? maximum = schema.Dialect.Validates && schema.TryGetCount("maxContains", out var most) ? most : null;
            rules.Add(new ContainsRule(schema.Site("contains"), node, minimum, maximum));
        }
    }
}
