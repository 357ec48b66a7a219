using System.Text.Json;

namespace Stoa.Gateway.Schemas.Rules;

/// <summary><c>allOf</c>; its branches' findings speak for themselves.</summary>
internal sealed class AllOfRule(RuleSite site, SchemaNode[] branches) : Rule(site)
{
    public override IEnumerable<SchemaNode> SameInstance => branches;

    public override bool Check(in JsonElement instance, ref Evaluation run, Marks? marks)
    {
        var valid = true;
        foreach (var branch in branches)
        {
            valid &= branch.Check(instance, ref run, marks);
            if (!valid && !run.Explains)
            {
                return false;
            }
        }

        return valid;
    }
}
