namespace Stoa.Gateway.Schemas;

/// <summary>A schema with an identity of its own (core section 4.3.5): what <c>$id</c> begins. Anchors are names within it.</summary>
internal sealed class SchemaResource(string uri, Dialect dialect)
{
    public string Uri => uri;

    public Dialect Dialect => dialect;

    /// <summary>Where it begins.</summary>
    public SchemaPlace? Root { get; set; }

    public Dictionary<string, SchemaPlace> Anchors { get; } = new(StringComparer.Ordinal);

    /// <summary>Those of the anchors that <c>$dynamicAnchor</c> made.</summary>
    public HashSet<string> DynamicAnchors { get; } = new(StringComparer.Ordinal);
}
