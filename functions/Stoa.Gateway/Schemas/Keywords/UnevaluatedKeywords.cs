using Stoa.Gateway.Schemas.Rules;

namespace Stoa.Gateway.Schemas.Keywords;

/// <summary><c>unevaluatedProperties</c> and <c>unevaluatedItems</c>, which come last because they read what the others marked.</summary>
internal static class UnevaluatedKeywords
{
    public static void Read(SchemaSource schema, List<Rule> rules)
    {
        if (schema.Node("unevaluatedProperties") is { } members)
        {
            var known = rules.OfType<PropertiesRule>().SelectMany(r => r.KnownNames).ToArray();
            rules.Add(new UnevaluatedPropertiesRule(schema.Site("unevaluatedProperties"), members, known));
        }

        if (schema.Node("unevaluatedItems") is { } items)
        {
            rules.Add(new UnevaluatedItemsRule(schema.Site("unevaluatedItems"), items));
        }
    }
}
