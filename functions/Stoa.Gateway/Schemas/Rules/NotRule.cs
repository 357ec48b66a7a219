using System.Text.Json;

namespace Stoa.Gateway.Schemas.Rules;

/// <summary><c>not</c>. Marks made inside never count, for what holds inside fails outside.</summary>
internal sealed class NotRule(RuleSite site, SchemaNode node) : Rule(site)
{
    public override string Demand => $"must not match {Site.Location}";

    public override IEnumerable<SchemaNode> SameInstance => [node];

    public override bool Check(in JsonElement instance, ref Evaluation run, Marks? marks) =>
        !run.CheckQuietly(node, instance, marks: null) || run.Fail(this);
}
