using System.Text.Json;

namespace Stoa.Gateway.Schemas.Rules;

/// <summary><c>unevaluatedProperties</c>: what no keyword here, beside or in applied subschemas, has looked at.</summary>
internal sealed class UnevaluatedPropertiesRule(RuleSite site, SchemaNode node, IReadOnlyList<string> knownNames) : Rule(site, Kinds.Object)
{
    public override bool Check(in JsonElement instance, ref Evaluation run, Marks? marks)
    {
        var valid = true;
        var index = -1;
        foreach (var member in instance.EnumerateObject())
        {
            index++;
            if (marks is null || marks[index])
            {
                continue;
            }

            marks.Set(index);
            if (node.RefusesAll && run.Explains)
            {
                run.Trace.AddUnknown(Site, member, knownNames);
            }

            valid &= !node.RefusesAll && run.CheckMember(node, member);
            if (!valid && (!run.Explains || run.Stopped is not null))
            {
                return false;
            }
        }

        return valid;
    }
}
