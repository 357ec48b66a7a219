using System.Collections.Frozen;
using System.Text.Json;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Tools;

/// <summary>A revision's enabled tools, by name and in the stable order in which every list shows them.</summary>
internal sealed class ToolCatalog
{
    private static readonly RevisionView<ToolCatalog> View = new(revision => new ToolCatalog(revision));

    private readonly FrozenDictionary<string, Tool> _byName;

    private ToolCatalog(Revision revision)
    {
        InOrder =
        [
            .. revision.Resources
                .Where(r => r.Kind == ToolKind.Schema.Kind)
                .Select(r => Read(r, revision))
                .Where(t => t.Spec.Enabled)
                .OrderBy(t => t.Name, StringComparer.Ordinal),
        ];
        _byName = InOrder.ToFrozenDictionary(t => t.Name, StringComparer.Ordinal);
    }

    public IReadOnlyList<Tool> InOrder { get; }

    public static ToolCatalog Of(Revision revision) => revision.View(View);

    /// <summary>The tool of a resource, disabled or not.</summary>
    public static Tool Read(Resource tool, Revision revision) => new(tool.Name, JsonSerializer.Deserialize(tool.Spec.Span, ToolJson.Default.ToolSpec)!, revision);

    public Tool? Find(string name) => _byName.GetValueOrDefault(name);
}
