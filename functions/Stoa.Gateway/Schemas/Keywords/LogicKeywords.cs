using Stoa.Gateway.Schemas.Rules;

namespace Stoa.Gateway.Schemas.Keywords;

/// <summary>Keywords that apply subschemas to the value itself.</summary>
internal static class LogicKeywords
{
    public static void Read(SchemaSource schema, List<Rule> rules)
    {
        if (schema.Nodes("allOf") is { Length: > 0 } all)
        {
            rules.Add(new AllOfRule(schema.Site("allOf"), all));
        }

        if (schema.Nodes("anyOf") is { Length: > 0 } any)
        {
            rules.Add(new AnyOfRule(schema.Site("anyOf"), any, exactlyOne: false));
        }

        if (schema.Nodes("oneOf") is { Length: > 0 } one)
        {
            rules.Add(new AnyOfRule(schema.Site("oneOf"), one, exactlyOne: true));
        }

        if (schema.Node("not") is { } not)
        {
            rules.Add(new NotRule(schema.Site("not"), not));
        }

        if (schema.Node("if") is { } test)
        {
            rules.Add(new ConditionRule(schema.Site("if"), test, schema.Node("then"), schema.Node("else")));
        }
    }
}
