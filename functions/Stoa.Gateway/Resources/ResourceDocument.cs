using Stoa.Gateway.Kernel;
using Stoa.Gateway.Resources.Reading;

namespace Stoa.Gateway.Resources;

/// <summary>One document that passed every check which needs nothing but itself. It does not print: its spec may hold secrets.</summary>
internal sealed class ResourceDocument(KindSchema schema, TenantId tenant, DocumentTree tree)
{
    public KindSchema Schema => schema;

    public string Kind => schema.Kind;

    /// <summary>The tenant; for a <c>Tenant</c> its own name.</summary>
    public TenantId Namespace => tenant;

    public string Name { get; } = tree.Text("metadata.name")!;

    /// <summary>Precondition: the version that the author saw.</summary>
    public string? ResourceVersion { get; } = tree.Text("metadata.resourceVersion");

    public IReadOnlyDictionary<string, string> Labels { get; } = Texts(tree.Find("metadata.labels"));

    public IReadOnlyDictionary<string, string> Annotations { get; } = Texts(tree.Find("metadata.annotations"));

    /// <summary>
    /// Canonical JSON, UTF-8: fields in declared order, free maps in key order, defaults written out, numbers, durations, sizes and choices
    /// in one spelling. Equal content has equal bytes, whatever the format it came in.
    /// </summary>
    public ReadOnlyMemory<byte> Spec { get; } = CanonicalJson.Bytes(tree.Find("spec")!);

    /// <inheritdoc cref="DocumentTree.TryLocate"/>
    public bool TryLocate(string path, out Position at) => tree.TryLocate(path, out at);

    /// <summary>A fault of a later check, at the line where the author wrote it.</summary>
    public ResourceFault Fault(string path, string reason) => tree.Fault(path, reason);

    /// <inheritdoc cref="DocumentTree.Fault(string, Position, string)"/>
    public ResourceFault Fault(string path, Position inText, string reason) => tree.Fault(path, inText, reason);

    private static Dictionary<string, string> Texts(Node? node) =>
        node is MapNode map ? map.Entries.ToDictionary(e => e.Key, e => ((ScalarNode)e.Value).Text) : [];
}
