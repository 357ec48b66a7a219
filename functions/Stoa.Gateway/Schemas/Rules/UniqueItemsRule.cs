using System.Runtime.InteropServices;
using System.Text.Json;
using Stoa.Gateway.Schemas.Json;

namespace Stoa.Gateway.Schemas.Rules;

/// <summary><c>uniqueItems</c>: pair by pair for a few items, by hash for more.</summary>
internal sealed class UniqueItemsRule(RuleSite site) : Rule(site, Kinds.Array)
{
    private const int FewItems = 8;

    public override string Demand => "must not have the same item twice";

    public override bool Check(in JsonElement instance, ref Evaluation run, Marks? marks)
    {
        if (!run.SpendOnText(JsonMarshal.GetRawUtf8Value(instance)) || !run.Spend(instance.GetArrayLength()))
        {
            return false;
        }

        return (instance.GetArrayLength() <= FewItems ? AreDistinct(instance) : HashDistinct(instance)) || run.Fail(this);
    }

    private static bool AreDistinct(in JsonElement instance)
    {
        var first = instance.EnumerateArray();
        while (first.MoveNext())
        {
            // The copy goes on from the same place.
            var second = first;
            while (second.MoveNext())
            {
                if (JsonEquality.Instance.Equals(first.Current, second.Current))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static bool HashDistinct(in JsonElement instance)
    {
        var seen = new HashSet<JsonElement>(instance.GetArrayLength(), JsonEquality.Instance);
        foreach (var item in instance.EnumerateArray())
        {
            if (!seen.Add(item))
            {
                return false;
            }
        }

        return true;
    }
}
