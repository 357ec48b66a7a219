using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using Stoa.Gateway.Schemas.Json;

namespace Stoa.Gateway.Schemas;

/// <summary>
/// All subschemas of the documents in use by place, and all resources by URI. A document is walked when a reference first leads to it. Only
/// keywords that hold schemas are followed, so an <c>$id</c> inside an <c>enum</c> is just data.
/// </summary>
internal sealed class SchemaIndex(SchemaOptions options)
{
    private const string NoUri = "local:/schema";

    private static readonly string[] OneSchema =
    [
        "additionalProperties", "propertyNames", "unevaluatedProperties", "items", "additionalItems", "contains", "unevaluatedItems",
        "not", "if", "then", "else", "contentSchema",
    ];

    private static readonly string[] ListOfSchemas = ["allOf", "anyOf", "oneOf", "prefixItems", "items"];

    private static readonly string[] MapOfSchemas =
        ["properties", "patternProperties", "dependentSchemas", "dependencies", "$defs", "definitions"];

    private readonly Dictionary<string, SchemaResource> _resources = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SchemaPlace> _places = new(StringComparer.Ordinal);

    public IEnumerable<SchemaResource> Resources => _resources.Values;

    /// <summary>What is wrong with a document as a whole; the first such thing.</summary>
    public SchemaFault? Fault { get; private set; }

    public SchemaPlace AddRoot(JsonElement schema) => AddDocument("", NoUri, schema);

    public SchemaPlace? Find(string document, string pointer) => _places.GetValueOrDefault(SchemaPlace.LocationOf(document, pointer));

    /// <summary>Follows a reference from a place; a reason comes back when it leads nowhere.</summary>
    public bool TryResolve(
        string reference, SchemaPlace from, [NotNullWhen(true)] out SchemaPlace? target, [NotNullWhen(false)] out string? reason)
    {
        target = null;
        var hash = reference.IndexOf('#');
        var uri = hash < 0 ? reference : reference[..hash];
        var fragment = hash < 0 ? "" : Uri.UnescapeDataString(reference[(hash + 1)..]);
        if (!TryFindResource(uri, from.Resource, out var resource))
        {
            reason = "leads outside this document, and nothing is ever fetched; copy what it names under $defs";
            return false;
        }

        target = fragment.Length == 0 ? resource.Root
            : fragment[0] == '/' ? FindPointer(resource.Root!, fragment)
            : resource.Anchors.GetValueOrDefault(fragment);
        reason = target is null ? $"leads nowhere{Hint(resource.Root!, fragment)}" : null;
        return target is not null;
    }

    private bool TryFindResource(string reference, SchemaResource from, [NotNullWhen(true)] out SchemaResource? resource)
    {
        resource = from;
        if (reference.Length == 0)
        {
            return true;
        }

        var uri = Resolve(from.Uri, reference);
        if (!_resources.TryGetValue(uri, out resource)
            && (options.Documents.TryGetValue(uri, out var document) || MetaSchema.TryGet(uri, out document)))
        {
            resource = AddDocument(uri, uri, document).Resource;
        }

        return resource is not null;
    }

    private SchemaPlace? FindPointer(SchemaPlace root, string fragment)
    {
        var (element, pointer, resource) = (root.Element, root.Pointer, root.Resource);
        foreach (var token in fragment[1..].Split('/').Select(JsonPointer.Unescape))
        {
            if (!TryStep(element, token, out element))
            {
                return null;
            }

            pointer = $"{pointer}/{JsonPointer.Escape(token)}";
            resource = Find(root.Document, pointer)?.Resource ?? resource;
        }

        // A place under a keyword that holds no schemas becomes one by being referred to.
        var depth = options.MaxSchemaDepth - pointer.AsSpan().Count('/');
        return Find(root.Document, pointer) ?? Walk(root.Document, pointer, element, resource, depth);
    }

    private static bool TryStep(JsonElement element, string token, out JsonElement next)
    {
        next = default;
        return element.ValueKind switch
        {
            JsonValueKind.Object => element.TryGetProperty(token, out next),
            JsonValueKind.Array when int.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
                && index < element.GetArrayLength() => (next = element[index]).ValueKind is not JsonValueKind.Undefined,
            _ => false,
        };
    }

    private SchemaPlace AddDocument(string name, string uri, JsonElement schema)
    {
        var retrieved = new SchemaResource(uri, DialectOf(schema, Dialect.Draft202012));
        _resources.TryAdd(uri, retrieved);
        var root = Walk(name, "", schema, retrieved, options.MaxSchemaDepth);

        // With an $id of its own the document is known by both names.
        retrieved.Root = root;
        _resources[uri] = root.Resource;
        return root;
    }

    private SchemaPlace Walk(string document, string pointer, JsonElement schema, SchemaResource outer, int levels)
    {
        var resource = EnterResource(schema, outer);
        var place = new SchemaPlace(document, pointer, schema, resource);
        resource.Root ??= place;
        if (levels <= 0 || _places.Count >= options.MaxSubschemas)
        {
            Fault ??= new(place.Location, levels <= 0
                ? $"the schema is nested more than {options.MaxSchemaDepth} levels deep"
                : $"there are more than {options.MaxSubschemas} subschemas");
            return place;
        }

        // Of a name given twice the last counts, as it does for JsonElement.
        _places[place.Location] = place;
        if (schema.ValueKind is JsonValueKind.Object)
        {
            AddAnchors(schema, place);
            WalkChildren(document, pointer, schema, resource, levels);
        }

        return place;
    }

    private void WalkChildren(string document, string pointer, JsonElement schema, SchemaResource resource, int levels)
    {
        foreach (var member in schema.EnumerateObject())
        {
            var (here, value) = ($"{pointer}/{JsonPointer.Escape(member.Name)}", member.Value);
            if (value.ValueKind is JsonValueKind.Array && ListOfSchemas.Contains(member.Name))
            {
                foreach (var (index, item) in value.EnumerateArray().Index())
                {
                    Walk(document, $"{here}/{index}", item, resource, levels - 2);
                }
            }
            else if (value.ValueKind is JsonValueKind.Object && MapOfSchemas.Contains(member.Name))
            {
                foreach (var child in value.EnumerateObject())
                {
                    Walk(document, $"{here}/{JsonPointer.Escape(child.Name)}", child.Value, resource, levels - 2);
                }
            }
            else if (OneSchema.Contains(member.Name))
            {
                Walk(document, here, value, resource, levels - 1);
            }
        }
    }

    private SchemaResource EnterResource(JsonElement schema, SchemaResource outer)
    {
        // Before 2019-09 an $id of only a fragment was what is now $anchor.
        if (Text(schema, "$id") is not { Length: > 0 } id || id[0] == '#')
        {
            return outer;
        }

        var uri = Resolve(outer.Uri, id.TrimEnd('#'));
        var resource = new SchemaResource(uri, DialectOf(schema, outer.Dialect));
        _resources[uri] = resource;
        return resource;
    }

    private static void AddAnchors(JsonElement schema, SchemaPlace place)
    {
        var resource = place.Resource;
        if (Text(schema, "$id") is ['#', .. { Length: > 0 } legacy])
        {
            resource.Anchors.TryAdd(legacy, place);
        }

        if (Text(schema, "$anchor") is { } anchor)
        {
            resource.Anchors.TryAdd(anchor, place);
        }

        if (Text(schema, "$dynamicAnchor") is { } dynamicAnchor)
        {
            resource.Anchors.TryAdd(dynamicAnchor, place);
            resource.DynamicAnchors.Add(dynamicAnchor);
        }
    }

    private Dialect DialectOf(JsonElement schema, Dialect inherited) =>
        Text(schema, "$schema") is { } metaschema ? Dialect.Named(metaschema, options) : inherited;

    private static string? Text(JsonElement schema, string keyword) =>
        schema.ValueKind is JsonValueKind.Object && schema.TryGetProperty(keyword, out var value) && value.ValueKind is JsonValueKind.String
            ? value.GetString()
            : null;

    private static string Resolve(string baseUri, string reference) =>
        Uri.TryCreate(baseUri, UriKind.Absolute, out var from) && Uri.TryCreate(from, reference, out var resolved)
            ? resolved.AbsoluteUri
            : reference;

    private static string Hint(SchemaPlace root, string fragment)
    {
        var slash = fragment.LastIndexOf('/');
        var siblings = root.Element;
        foreach (var token in slash > 0 ? fragment[1..slash].Split('/') : [])
        {
            if (!TryStep(siblings, JsonPointer.Unescape(token), out siblings))
            {
                return "";
            }
        }

        var names = slash >= 0 && siblings.ValueKind is JsonValueKind.Object
            ? siblings.EnumerateObject().Select(m => m.Name).ToArray()
            : [];
        return Spelling.Nearest(fragment[(slash + 1)..], names) is { } meant ? $"; did you mean #{fragment[..(slash + 1)]}{meant}?" : "";
    }
}
