using Stoa.Gateway.Schemas.Formats;
using Stoa.Gateway.Schemas.Patterns;
using Stoa.Gateway.Schemas.Rules;

namespace Stoa.Gateway.Schemas.Keywords;

/// <summary><c>pattern</c> and <c>format</c>. The content* keywords only annotate.</summary>
internal static class StringKeywords
{
    public static void Read(SchemaSource schema, List<Rule> rules)
    {
        if (schema.TryGetText("pattern", out var text) && TryCreate(schema, "pattern", text) is { } pattern)
        {
            rules.Add(new PatternRule(schema.Site("pattern"), pattern));
        }
    }

    public static void ReadFormat(SchemaSource schema, List<Rule> rules)
    {
        var asserts = schema.Dialect.AssertsFormats || (schema.Options.AssertFormats && schema.Dialect.Validates);
        if (asserts && schema.TryGetText("format", out var name) && Format.All.TryGetValue(name, out var format))
        {
            rules.Add(new FormatRule(schema.Site("format"), format));
        }
    }

    /// <summary>The pattern, or null and a fault.</summary>
    public static Pattern? TryCreate(SchemaSource schema, string keyword, string text)
    {
        if (!Pattern.TryCreate(text, out var pattern, out var reason))
        {
            schema.Fault(keyword, $"the pattern {text} {reason}");
        }

        return pattern;
    }
}
