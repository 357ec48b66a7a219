using System.Text.Json;
using Stoa.Gateway.Schemas.Json;
using Stoa.Gateway.Schemas.Patterns;

namespace Stoa.Gateway.Schemas.Rules;

/// <summary><c>pattern</c>: found anywhere in the string unless it anchors itself.</summary>
internal sealed class PatternRule(RuleSite site, Pattern pattern) : Rule(site, Kinds.String)
{
    public override string Demand => $"must match the pattern {pattern}";

    public override bool Check(in JsonElement instance, ref Evaluation run, Marks? marks)
    {
        var text = JsonString.Raw(instance);
        return run.Spend(pattern.StepsFor(text)) && (pattern.IsMatch(text) || run.Fail(this));
    }
}
