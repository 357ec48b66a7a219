using System.Text.Json;

namespace Stoa.Gateway.Schemas.Rules;

/// <summary><c>unevaluatedItems</c>: what no keyword here, beside or in applied subschemas, has looked at.</summary>
internal sealed class UnevaluatedItemsRule(RuleSite site, SchemaNode node) : Rule(site, Kinds.Array)
{
    public override bool Check(in JsonElement instance, ref Evaluation run, Marks? marks)
    {
        var valid = true;
        var index = -1;
        foreach (var item in instance.EnumerateArray())
        {
            index++;
            if (marks is null || marks[index])
            {
                continue;
            }

            marks.Set(index);
            valid &= run.CheckItem(node, item, index);
            if (!valid && (!run.Explains || run.Stopped is not null))
            {
                return false;
            }
        }

        return valid;
    }
}
