using System.Text.Json;
using Stoa.Gateway.Schemas.Json;

namespace Stoa.Gateway.Schemas.Rules;

/// <summary>One entry of <c>dependentSchemas</c>: where the property is present, the whole object must keep the schema.</summary>
internal sealed class DependentSchemaRule(RuleSite site, MemberName trigger, SchemaNode node) : Rule(site, Kinds.Object)
{
    public override string Demand => $"must not have the property \"{trigger}\"";

    public override IEnumerable<SchemaNode> SameInstance => [node];

    public override bool Check(in JsonElement instance, ref Evaluation run, Marks? marks)
    {
        if (!run.Spend(instance.GetPropertyCount()))
        {
            return false;
        }

        return !trigger.IsIn(instance) || (node.RefusesAll ? run.Fail(this) : node.Check(instance, ref run, marks));
    }
}
