using System.Text.Json;

namespace Stoa.Gateway.Schemas.Rules;

/// <summary>The schema <c>false</c>.</summary>
internal sealed class FalseRule(RuleSite site) : Rule(site)
{
    public override bool Check(in JsonElement instance, ref Evaluation run, Marks? marks) => run.Fail(this);
}
