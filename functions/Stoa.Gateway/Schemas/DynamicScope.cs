namespace Stoa.Gateway.Schemas;

/// <summary>
/// The schema resources that a validation is in, outermost first (core section 7.1). Kept only for schemas with a <c>$dynamicRef</c>.
/// </summary>
internal sealed class DynamicScope
{
    private readonly List<SchemaResource> _resources = [];

    public void Enter(SchemaResource resource) => _resources.Add(resource);

    public void Leave() => _resources.RemoveAt(_resources.Count - 1);

    /// <summary>The outermost resource's node among those given, or null.</summary>
    public SchemaNode? Outermost(IReadOnlyDictionary<SchemaResource, SchemaNode> nodes)
    {
        foreach (var resource in _resources)
        {
            if (nodes.TryGetValue(resource, out var node))
            {
                return node;
            }
        }

        return null;
    }
}
