using System.Text.Json;

namespace Stoa.Gateway.Schemas.Rules;

/// <summary>
/// <c>$dynamicRef</c> to a <c>$dynamicAnchor</c>: the outermost resource that is being validated and has that anchor decides (core section
/// 8.2.3.2).
/// </summary>
internal sealed class DynamicRefRule(RuleSite site, SchemaNode initial) : Rule(site)
{
    private readonly Dictionary<SchemaResource, SchemaNode> _targets = [];

    /// <summary>Only while compiling.</summary>
    public bool TryAddTarget(SchemaResource resource, SchemaNode node) => _targets.TryAdd(resource, node);

    public override bool Check(in JsonElement instance, ref Evaluation run, Marks? marks) =>
        (run.Scope?.Outermost(_targets) ?? initial).Check(instance, ref run, marks);
}
