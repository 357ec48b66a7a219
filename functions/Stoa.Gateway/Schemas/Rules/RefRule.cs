using System.Text.Json;

namespace Stoa.Gateway.Schemas.Rules;

/// <summary><c>$ref</c>, resolved at compile time.</summary>
internal sealed class RefRule(RuleSite site, SchemaNode target) : Rule(site)
{
    public override IEnumerable<SchemaNode> SameInstance => [target];

    public override bool Check(in JsonElement instance, ref Evaluation run, Marks? marks) => target.Check(instance, ref run, marks);
}
