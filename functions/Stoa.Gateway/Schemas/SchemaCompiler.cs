using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text.Json;
using Stoa.Gateway.Schemas.Json;
using Stoa.Gateway.Schemas.Keywords;
using Stoa.Gateway.Schemas.Rules;

namespace Stoa.Gateway.Schemas;

/// <summary>
/// Turns a schema into a graph of nodes. Nodes are made when first mentioned and filled from a queue, so references may be circular and
/// nothing here recurses; only what can be reached from the root is compiled. The first fault is kept and fails the whole.
/// </summary>
internal sealed class SchemaCompiler(SchemaOptions options)
{
    private readonly SchemaIndex _index = new(options);
    private readonly Dictionary<string, SchemaNode> _nodes = new(StringComparer.Ordinal);
    private readonly Queue<(SchemaPlace Place, SchemaNode Node)> _unfilled = new();
    private readonly List<(string Anchor, DynamicRefRule Rule)> _dynamicRefs = [];
    private SchemaFault? _fault;

    public SchemaOptions Options => options;

    public bool TryCompile(JsonElement schema, [NotNullWhen(true)] out JsonSchema? compiled, [NotNullWhen(false)] out SchemaFault? fault)
    {
        compiled = null;
        _fault = Inspect(schema);
        if (_fault is null)
        {
            var root = Node(_index.AddRoot(schema));
            FillAll();
            LinkDynamicRefs();
            _fault ??= _index.Fault ?? FindEndlessLoop();
            compiled = _fault is null ? new JsonSchema(root, options, _dynamicRefs.Count > 0) : null;
        }

        fault = _fault;
        return compiled is not null;
    }

    /// <summary>Always false; the first fault stands.</summary>
    public bool Fault(string location, string reason)
    {
        _fault ??= new(location, reason);
        return false;
    }

    public SchemaNode Node(SchemaPlace place)
    {
        if (!_nodes.TryGetValue(place.Location, out var node))
        {
            _nodes[place.Location] = node = new SchemaNode(place.Resource);
            _unfilled.Enqueue((place, node));
        }

        return node;
    }

    /// <summary>A subschema of a place. It is in the index, unless a limit kept it out, which is a fault by then.</summary>
    public SchemaNode Node(SchemaPlace parent, string pointer, JsonElement element) =>
        Node(_index.Find(parent.Document, pointer) ?? new SchemaPlace(parent.Document, pointer, element, parent.Resource));

    public SchemaNode? Resolve(SchemaSource source, string keyword, string reference, out SchemaPlace? target)
    {
        if (_index.TryResolve(reference, source.Place, out target, out var reason))
        {
            return Node(target);
        }

        source.Fault(keyword, $"{keyword} \"{reference}\" {reason}");
        return null;
    }

    /// <summary>Links the rule to every resource that has the anchor, once all resources are known.</summary>
    public void LinkLater(string anchor, DynamicRefRule rule) => _dynamicRefs.Add((anchor, rule));

    private SchemaFault? Inspect(JsonElement schema)
    {
        if (schema.ValueKind is not (JsonValueKind.Object or JsonValueKind.True or JsonValueKind.False))
        {
            return new("#", "a schema must be an object, true or false");
        }

        return Inspect("", schema) ?? options.Documents.Select(d => Inspect(d.Key, d.Value)).FirstOrDefault(f => f is not null);
    }

    private SchemaFault? Inspect(string document, JsonElement schema)
    {
        var raw = JsonMarshal.GetRawUtf8Value(schema);
        var location = SchemaPlace.LocationOf(document, "");
        return raw.Length > options.MaxSchemaBytes ? new(location, $"the schema is larger than {options.MaxSchemaBytes} bytes")
            : JsonString.IsWellFormed(raw) ? null
            : new(location, "the schema is not valid Unicode: it has broken UTF-8 or half a surrogate pair");
    }

    private void FillAll()
    {
        while (_fault is null && _unfilled.TryDequeue(out var next))
        {
            Fill(next.Place, next.Node);
        }
    }

    private void Fill(SchemaPlace place, SchemaNode node)
    {
        switch (place.Element.ValueKind)
        {
            case JsonValueKind.True:
                break;
            case JsonValueKind.False:
                node.Complete([new FalseRule(new("false", place.Location))], refusesAll: true);
                break;
            case JsonValueKind.Object:
                var source = new SchemaSource(this, place);
                var needsMarks = source.Dialect.Unevaluated && (source.Has("unevaluatedProperties") || source.Has("unevaluatedItems"));
                node.Complete(KeywordFamilies.Read(source, this), needsMarks: needsMarks);
                break;
            default:
                Fault(place.Location, "a schema must be an object, true or false");
                break;
        }
    }

    private void LinkDynamicRefs()
    {
        // Compiling a target may bring in resources and references that were not known before, so this goes on until nothing is new.
        for (var grown = true; grown && _fault is null;)
        {
            grown = false;
            foreach (var (anchor, rule) in _dynamicRefs.ToArray())
            {
                foreach (var resource in _index.Resources.Where(r => r.DynamicAnchors.Contains(anchor)).Distinct().ToArray())
                {
                    grown |= rule.TryAddTarget(resource, Node(resource.Anchors[anchor]));
                }
            }

            FillAll();
        }
    }

    /// <summary>Takes away, again and again, what no remaining node applies to the value it is itself applied to; a loop stays.</summary>
    private SchemaFault? FindEndlessLoop()
    {
        var mentions = _nodes.Values.ToDictionary(n => n, _ => 0);
        foreach (var target in _nodes.Values.SelectMany(Next))
        {
            mentions[target]++;
        }

        var free = new Queue<SchemaNode>(mentions.Where(m => m.Value == 0).Select(m => m.Key));
        while (free.TryDequeue(out var node))
        {
            mentions.Remove(node);
            foreach (var target in Next(node).Where(n => --mentions[n] == 0))
            {
                free.Enqueue(target);
            }
        }

        var loop = _nodes.FirstOrDefault(n => mentions.ContainsKey(n.Value)).Key;
        return loop is null
            ? null
            : new(loop, "the schema, or one that leads to it, refers to itself without looking into the value: it would never end");

        static IEnumerable<SchemaNode> Next(SchemaNode node) => node.Rules.SelectMany(r => r.SameInstance);
    }
}
