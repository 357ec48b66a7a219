using System.Runtime.InteropServices;
using System.Text.Json;
using Stoa.Gateway.Schemas.Json;
using Stoa.Gateway.Schemas.Rules;

namespace Stoa.Gateway.Schemas.Keywords;

/// <summary><c>minimum</c>, <c>maximum</c>, their exclusive forms and <c>multipleOf</c>.</summary>
internal static class NumberKeywords
{
    public static void Read(SchemaSource schema, List<Rule> rules)
    {
        ReadBound(schema, "minimum", "exclusiveMinimum", BoundRule.Side.AtLeast, BoundRule.Side.Above, rules);
        ReadBound(schema, "maximum", "exclusiveMaximum", BoundRule.Side.AtMost, BoundRule.Side.Below, rules);
        if (schema.TryGetNumber("multipleOf", out var factor))
        {
            var number = new JsonNumber(JsonMarshal.GetRawUtf8Value(factor));
            if (number.IsZero || number.IsNegative)
            {
                schema.Fault("multipleOf", "multipleOf must be greater than 0");
            }
            else if (!number.TryGetDigits(out var digits))
            {
                schema.Fault("multipleOf", "multipleOf has more than 37 significant digits");
            }
            else
            {
                rules.Add(new MultipleOfRule(schema.Site("multipleOf"), digits, number.Scale, factor.GetRawText()));
            }
        }
    }

    private static void ReadBound(
        SchemaSource schema, string keyword, string exclusive, BoundRule.Side side, BoundRule.Side exclusiveSide, List<Rule> rules)
    {
        // In draft 4, and so in OpenAPI 3.0, the exclusive keyword was a flag on the other.
        var hasFlag = schema.TryGet(exclusive, out var flag) && flag.ValueKind is JsonValueKind.True or JsonValueKind.False;
        if (schema.TryGetNumber(keyword, out var bound))
        {
            var isOpen = hasFlag && flag.ValueKind is JsonValueKind.True;
            rules.Add(new BoundRule(schema.Site(keyword), bound.GetRawText(), isOpen ? exclusiveSide : side));
        }

        if (!hasFlag && schema.TryGetNumber(exclusive, out var limit))
        {
            rules.Add(new BoundRule(schema.Site(exclusive), limit.GetRawText(), exclusiveSide));
        }
    }
}
