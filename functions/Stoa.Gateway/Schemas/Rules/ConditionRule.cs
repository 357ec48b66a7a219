using System.Text.Json;

namespace Stoa.Gateway.Schemas.Rules;

/// <summary><c>if</c> with <c>then</c> and <c>else</c>.</summary>
internal sealed class ConditionRule(RuleSite site, SchemaNode test, SchemaNode? then, SchemaNode? otherwise) : Rule(site)
{
    public override IEnumerable<SchemaNode> SameInstance => new[] { test, then, otherwise }.OfType<SchemaNode>();

    public override bool Check(in JsonElement instance, ref Evaluation run, Marks? marks)
    {
        var marked = marks?.Branch();
        var holds = run.CheckQuietly(test, instance, marked);
        if (holds)
        {
            marks?.Add(marked);
        }

        var next = holds ? then : otherwise;
        return next is null || next.Check(instance, ref run, marks);
    }
}
