using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Stoa.Gateway.OpenApi;

/// <summary>
/// Copies schemas out of a description into one that stands by itself, as JSON Schema 2020-12: what references name goes under
/// <c>$defs</c>, each thing once, so that schemas which contain themselves stay finite. The first fault is kept, and what was copied is of
/// no use then.
/// </summary>
/// <param name="forInput">What is sent lacks properties that are <c>readOnly</c>; what comes back lacks those that are <c>writeOnly</c>.</param>
internal sealed class SchemaCopy(ApiDocument api, CopyBudget budget, bool forInput)
{
    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-");

    private readonly Dictionary<string, string> _nameOf = new(StringComparer.Ordinal);
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly Queue<(string Name, JsonElement Schema)> _named = new();
    private int _bytes;

    /// <summary>Why there is no such schema, to follow "because".</summary>
    public string? Fault { get; private set; }

    public JsonNode Of(JsonElement schema)
    {
        if (Fault is not null || !Take(2))
        {
            return new JsonObject();
        }

        switch (schema.ValueKind)
        {
            case JsonValueKind.True or JsonValueKind.False:
                return JsonValue.Create(schema.ValueKind is JsonValueKind.True);
            case JsonValueKind.Object:
                return OfObject(schema);
            default:
                Fault = "a schema of it is no object";
                return new JsonObject();
        }
    }

    /// <summary>The definitions that the copied schemas refer to, or null when there are none. Call last.</summary>
    public JsonObject? Definitions()
    {
        var definitions = new JsonObject();
        while (Fault is null && _named.TryDequeue(out var next))
        {
            definitions[next.Name] = Of(next.Schema);
        }

        return definitions.Count == 0 ? null : definitions;
    }

    /// <summary>Whether a property stays out of this direction.</summary>
    public bool LeavesOut(JsonElement property) =>
        api.TryFollow(property, out var target, out _) && (property.Flag(Excluding) ?? target.Flag(Excluding)) is true;

    private string Excluding => forInput ? "readOnly" : "writeOnly";

    private JsonObject OfObject(JsonElement schema)
    {
        var copy = new JsonObject();
        Take(schema.GetPropertyCount());
        if (schema.Text("$ref") is { } reference)
        {
            copy["$ref"] = "#/$defs/" + NameOf(reference);
            if (api.Is30)
            {
                // OpenAPI 3.0.3, Reference Object: members beside $ref are ignored.
                return copy;
            }
        }

        foreach (var member in schema.EnumerateObject())
        {
            if (member.Name is "$dynamicRef" or "$recursiveRef")
            {
                Fault ??= $"a schema of it uses {member.Name}, which only a resolver of whole documents can follow";
            }
            else if (SchemaKeywords.Known.TryGetValue(member.Name, out var content) && Take(member.Name.Length + 4))
            {
                copy[member.Name] = Content(content, member.Value);
            }
        }

        SchemaDialect.Modernise(copy, schema, api.Is30);
        RemoveLeftOut(copy, schema);
        return copy;
    }

    private JsonNode? Content(KeywordContent content, JsonElement value) => (content, value.ValueKind) switch
    {
        (KeywordContent.Schema, not JsonValueKind.Array) => Of(value),
        (KeywordContent.Schema or KeywordContent.List, JsonValueKind.Array) => new JsonArray([.. value.EnumerateArray().Select(Of)]),
        (KeywordContent.Map, JsonValueKind.Object) => new JsonObject(Unbroken(value).Select(p => KeyValuePair.Create<string, JsonNode?>(p.Name, Of(p.Value)))),
        _ => Take(JsonMarshal.GetRawUtf8Value(value).Length) ? JsonNode.Parse(JsonMarshal.GetRawUtf8Value(value)) : null,
    };

    private IEnumerable<JsonProperty> Unbroken(JsonElement map) => map.EnumerateObject().TakeWhile(p => Take(p.Name.Length + 4));

    private void RemoveLeftOut(JsonObject copy, JsonElement schema)
    {
        if (copy["properties"] is not JsonObject properties)
        {
            return;
        }

        var leftOut = schema.Member("properties").Members().Where(p => properties.ContainsKey(p.Name) && LeavesOut(p.Value)).Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
        if (leftOut.Count == 0)
        {
            return;
        }

        foreach (var name in leftOut)
        {
            properties.Remove(name);
        }

        if (copy["required"] is JsonArray required)
        {
            copy["required"] = new JsonArray([.. required.Where(r => r?.GetValueKind() is not JsonValueKind.String || !leftOut.Contains(r.GetValue<string>())).Select(r => r?.DeepClone())]);
        }
    }

    private string NameOf(string reference)
    {
        if (_nameOf.TryGetValue(reference, out var known))
        {
            return known;
        }

        if (!api.TryFind(reference, out var target, out var reason))
        {
            Fault ??= $"its reference {reason}";
            return "";
        }

        var last = Uri.UnescapeDataString(reference[(reference.LastIndexOf('/') + 1)..]);
        var plain = string.Concat(last.Select(c => NameCharacters.Contains(c) ? c : '_'));
        var name = ArgumentNames.Numbered(plain.Length is 0 or > 64 ? "Schema" : plain, _names.Add);
        _nameOf[reference] = name;
        _named.Enqueue((name, target));
        return name;
    }

    private bool Take(int bytes)
    {
        _bytes += bytes;
        budget.Take(bytes);
        if (_bytes > CopyBudget.MaxPerSchema || budget.IsSpent)
        {
            Fault ??= budget.IsSpent
                ? $"the schemas of all operations come to more than {CopyBudget.MaxInAll / 1024 / 1024} MiB, written out for each; narrow the filters"
                : $"its schema comes to more than {CopyBudget.MaxPerSchema / 1024} KiB, written out";
        }

        return Fault is null;
    }
}
