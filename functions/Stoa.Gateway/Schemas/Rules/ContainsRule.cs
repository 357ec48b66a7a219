using System.Text.Json;

namespace Stoa.Gateway.Schemas.Rules;

/// <summary><c>contains</c> with <c>minContains</c> and <c>maxContains</c>: how many items keep the schema.</summary>
internal sealed class ContainsRule(RuleSite site, SchemaNode node, long minimum, long? maximum) : Rule(site, Kinds.Array)
{
    public override string Demand =>
        maximum is { } most
            ? $"must have {minimum} to {most} items that match {Site.Location}"
            : $"must have at least {minimum} {(minimum == 1 ? "item that matches" : "items that match")} {Site.Location}";

    public override bool Check(in JsonElement instance, ref Evaluation run, Marks? marks)
    {
        var found = 0L;
        var index = 0;
        foreach (var item in instance.EnumerateArray())
        {
            if (run.CheckQuietly(node, item, marks: null))
            {
                found++;
                marks?.Set(index);
            }

            index++;
            if (run.Stopped is not null || (marks is null && maximum is null && found >= minimum))
            {
                break;
            }
        }

        return (found >= minimum && found <= (maximum ?? long.MaxValue)) || run.Fail(this);
    }
}
