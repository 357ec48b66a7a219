using Stoa.Gateway.Schemas.Rules;

namespace Stoa.Gateway.Schemas.Keywords;

/// <summary><c>$ref</c> and <c>$dynamicRef</c>. Keywords beside them count, in every dialect.</summary>
internal static class ReferenceKeywords
{
    public static void Read(SchemaSource schema, SchemaCompiler compiler, List<Rule> rules)
    {
        if (schema.TryGetText("$ref", out var reference) && compiler.Resolve(schema, "$ref", reference, out _) is { } target)
        {
            rules.Add(new RefRule(schema.Site("$ref"), target));
        }

        if (schema.TryGetText("$dynamicRef", out var dynamicReference)
            && compiler.Resolve(schema, "$dynamicRef", dynamicReference, out var place) is { } initial)
        {
            // Core section 8.2.3.2: without a $dynamicAnchor of that name at its target it is an ordinary $ref.
            var anchor = dynamicReference[(dynamicReference.IndexOf('#') + 1)..];
            if (!dynamicReference.Contains('#') || place is null || !place.Resource.DynamicAnchors.Contains(anchor))
            {
                rules.Add(new RefRule(schema.Site("$dynamicRef"), initial));
                return;
            }

            var rule = new DynamicRefRule(schema.Site("$dynamicRef"), initial);
            compiler.LinkLater(anchor, rule);
            rules.Add(rule);
        }
    }
}
