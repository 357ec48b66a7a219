using System.Text.Json;

namespace Stoa.Gateway.OpenApi;

/// <summary>
/// The properties of a request body that is plainly one closed or unspoken object, so that they can be arguments of their own. A body that
/// says more than that (choices, free members, conditions) stays one argument.
/// </summary>
internal sealed class BodyMembers
{
    private const int Most = 200;
    private const int MostLevels = 8;

    // In all: a few references in allOf, of references in allOf, stand for any number.
    private const int MostSchemas = 1000;

    private readonly ApiDocument _api;
    private readonly SchemaCopy _copy;
    private readonly Dictionary<string, JsonElement> _properties = new(StringComparer.Ordinal);
    private readonly HashSet<string> _required = new(StringComparer.Ordinal);
    private int _schemas;

    private BodyMembers(ApiDocument api, SchemaCopy copy) => (_api, _copy) = (api, copy);

    public IReadOnlyDictionary<string, JsonElement> Properties => _properties;

    public bool AnyRequired => _required.Count > 0;

    public bool IsRequired(string name) => _required.Contains(name);

    public static BodyMembers? Of(ApiDocument api, SchemaCopy copy, JsonElement schema)
    {
        var members = new BodyMembers(api, copy);
        if (!members.Add(schema, isBranch: false, MostLevels))
        {
            return null;
        }

        members._required.IntersectWith(members._properties.Keys);
        return members._properties.Count > 0 ? members : null;
    }

    private bool Add(JsonElement schema, bool isBranch, int levels)
    {
        if (levels == 0 || ++_schemas > MostSchemas || schema.ValueKind is not JsonValueKind.Object || schema.GetPropertyCount() > Most)
        {
            return false;
        }

        if (schema.Text("$ref") is { } reference && (!_api.TryFind(reference, out var target, out _) || !Add(target, isBranch, levels - 1)))
        {
            return false;
        }

        return schema.EnumerateObject().All(member => AddKeyword(member, isBranch, levels) || (_api.Is30 && schema.Member("$ref") is not null));
    }

    private bool AddKeyword(JsonProperty member, bool isBranch, int levels) => member.Name switch
    {
        "type" => member.Value.ValueKind is JsonValueKind.String && member.Value.ValueEquals("object"u8),
        "properties" => AddProperties(member.Value),
        "required" => member.Value.ValueKind is JsonValueKind.Array && AddRequired(member.Value),
        "allOf" => member.Value.ValueKind is JsonValueKind.Array && member.Value.EnumerateArray().All(branch => Add(branch, isBranch: true, levels - 1)),
        "additionalProperties" => !isBranch && member.Value.ValueKind is JsonValueKind.False,
        _ => !SchemaKeywords.Known.ContainsKey(member.Name) || member.Name is "title" or "description" or "default" or "examples" or "deprecated",
    };

    private bool AddProperties(JsonElement properties)
    {
        if (properties.ValueKind is not JsonValueKind.Object || properties.GetPropertyCount() + _properties.Count > Most)
        {
            return false;
        }

        return properties.EnumerateObject().All(p => _copy.LeavesOut(p.Value) || _properties.TryAdd(p.Name, p.Value));
    }

    private bool AddRequired(JsonElement names)
    {
        _required.UnionWith(((JsonElement?)names).Texts().Take(Most));
        return true;
    }
}
