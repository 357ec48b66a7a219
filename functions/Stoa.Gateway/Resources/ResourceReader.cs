using Stoa.Gateway.Kernel;
using Stoa.Gateway.Resources.Reading;
using Stoa.Gateway.Resources.Shapes;

namespace Stoa.Gateway.Resources;

/// <summary>
/// Reads the documents of a request, each by itself: a fault in one leaves the others readable. A request too large to be read to its end
/// is refused whole, as one document.
/// </summary>
internal sealed class ResourceReader(KindRegistry kinds)
{
    private static readonly Shape ApiVersion = Shape.Choice(KindSchema.ApiVersion);

    /// <param name="body">YAML or JSON, see <see cref="SourceDocuments"/>.</param>
    /// <param name="defaultTenant">For documents without a namespace; null when the caller belongs to no tenant.</param>
    public IReadOnlyList<ReadDocument> Read(ReadOnlyMemory<byte> body, TenantId? defaultTenant)
    {
        var documents = new List<ReadDocument>();
        var seen = new Dictionary<(string, TenantId, string), Position>();
        foreach (var (root, faults, endsRequest) in SourceDocuments.Of(body))
        {
            var document = ReadOne(root, faults, defaultTenant, seen);
            if (endsRequest)
            {
                return [document];
            }

            documents.Add(document);
        }

        return documents.Count > 0
            ? documents
            : [new(null, null, null, [new(1, 1, "", "The request holds no document; send at least one with apiVersion, kind, metadata and spec.")])];
    }

    private ReadDocument ReadOne(Node? root, FaultList faults, TenantId? defaultTenant, Dictionary<(string, TenantId, string), Position> seen)
    {
        var kind = TextAt(root, "kind");
        var name = TextAt(root, "metadata.name");
        var resource = root is null ? null : Check(root, faults, defaultTenant);
        if (resource is not null && !seen.TryAdd((resource.Kind, resource.Namespace, resource.Name), root!.At))
        {
            var first = seen[(resource.Kind, resource.Namespace, resource.Name)];
            faults.Add(resource.Fault("metadata.name", $"This {resource.Kind} is in the request already, at line {first.Line}; keep one of the two."));
        }

        return new(kind, name, faults.Count == 0 ? resource : null, faults.InOrder());
    }

    private ResourceDocument? Check(Node root, FaultList faults, TenantId? defaultTenant)
    {
        var place = new Place(faults);
        if (root is not MapNode map)
        {
            place.Fault(root.At, $"Expected a map with apiVersion, kind, metadata and spec, found {Wording.Kind(root)}.");
            return null;
        }

        if (SchemaOf(map, place) is not { } schema)
        {
            // The rest depends on the kind; this does not.
            _ = map["apiVersion"] is { } version ? ApiVersion.Read(version, place.Field("apiVersion")) : null;
            return null;
        }

        var tree = new DocumentTree((MapNode)schema.Document.Read(map, place)!);
        var tenant = TenantOf(schema, tree, faults, defaultTenant);
        schema.Check?.Invoke(tree, faults);
        return faults.Count == 0 && tenant is { } id ? new(schema, id, tree) : null;
    }

    private KindSchema? SchemaOf(MapNode map, Place place)
    {
        var known = kinds.All.Select(k => k.Kind).ToArray();
        switch (map["kind"])
        {
            case null:
                place.Field("kind").Fault(map.At, $"`kind` is missing; use {Wording.AnyOf(known)}.");
                return null;

            case ScalarNode { Kind: ScalarKind.Text } text when kinds.Find(text.Text) is { } schema:
                return schema;

            case ScalarNode { Kind: ScalarKind.Text } text:
                place.Field("kind").Fault(text.At, Nearest.Among(text.Text, known) is { } near
                    ? $"Unknown kind {Wording.Quoted(text.Text)}; did you mean `{near}`?"
                    : $"Unknown kind {Wording.Quoted(text.Text)}; use {Wording.AnyOf(known)}.");
                return null;

            case var other:
                place.Field("kind").Fault(other.At, $"Expected {Wording.AnyOf(known)}, found {Wording.Kind(other)}.");
                return null;
        }
    }

    private static TenantId? TenantOf(KindSchema schema, DocumentTree tree, FaultList faults, TenantId? defaultTenant)
    {
        var path = schema.IsTenant ? "metadata.name" : "metadata.namespace";
        if (tree.Text(path) is { } slug)
        {
            return TenantId.TryParse(slug, out var tenant) ? tenant : null;
        }

        // An unusable namespace was reported already, and so was missing metadata.
        if (!schema.IsTenant && defaultTenant is null && !faults.Concern(path) && tree.Find("metadata") is not null)
        {
            faults.Add(tree.Fault(path, "`namespace` is missing: name the tenant, as your credential belongs to none."));
        }

        return schema.IsTenant ? null : defaultTenant;
    }

    private static string? TextAt(Node? root, string path) =>
        root is not null && NodePath.Find(root, path, out _) is ScalarNode { Kind: ScalarKind.Text } text ? Wording.Shown(text.Text, 128) : null;
}
