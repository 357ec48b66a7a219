using Stoa.Gateway.Schemas.Rules;

namespace Stoa.Gateway.Schemas.Keywords;

/// <summary>The keywords that count characters, items and properties.</summary>
internal static class SizeKeywords
{
    private static readonly (string Keyword, Kinds Of, bool IsMinimum)[] All =
    [
        ("minLength", Kinds.String, true),
        ("maxLength", Kinds.String, false),
        ("minItems", Kinds.Array, true),
        ("maxItems", Kinds.Array, false),
        ("minProperties", Kinds.Object, true),
        ("maxProperties", Kinds.Object, false),
    ];

    public static void Read(SchemaSource schema, List<Rule> rules)
    {
        foreach (var (keyword, of, isMinimum) in All)
        {
            if (schema.TryGetCount(keyword, out var limit))
            {
                rules.Add(new SizeRule(schema.Site(keyword), of, limit, isMinimum));
            }
        }
    }
}
