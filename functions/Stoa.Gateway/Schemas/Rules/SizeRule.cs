using System.Text.Json;
using Stoa.Gateway.Schemas.Json;

namespace Stoa.Gateway.Schemas.Rules;

/// <summary>The six keywords that count: min and max of a string's code points, an array's items, an object's members.</summary>
internal sealed class SizeRule(RuleSite site, Kinds of, long limit, bool isMinimum) : Rule(site, of)
{
    public override string Demand
    {
        get
        {
            var bound = isMinimum ? "at least" : "at most";
            return AppliesTo switch
            {
                Kinds.String => $"must be a string of {bound} {limit} {(limit == 1 ? "character" : "characters")}",
                Kinds.Array => $"must have {bound} {limit} {(limit == 1 ? "item" : "items")}",
                _ => $"must have {bound} {limit} {(limit == 1 ? "property" : "properties")}",
            };
        }
    }

    public override bool Check(in JsonElement instance, ref Evaluation run, Marks? marks)
    {
        long size;
        if (AppliesTo is Kinds.String)
        {
            var text = JsonString.Raw(instance);
            if (!run.SpendOnText(text))
            {
                return false;
            }

            size = JsonString.CountCodePoints(text);
        }
        else
        {
            size = AppliesTo is Kinds.Array ? instance.GetArrayLength() : instance.GetPropertyCount();
        }

        return (isMinimum ? size >= limit : size <= limit) || run.Fail(this);
    }
}
