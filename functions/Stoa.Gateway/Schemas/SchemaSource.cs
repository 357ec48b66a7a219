using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text.Json;
using Stoa.Gateway.Schemas.Json;

namespace Stoa.Gateway.Schemas;

/// <summary>
/// One schema object as its author wrote it, for the keyword families to read. A keyword of the wrong shape becomes a fault and then counts
/// as absent.
/// </summary>
internal readonly struct SchemaSource(SchemaCompiler compiler, SchemaPlace place)
{
    public Dialect Dialect => place.Resource.Dialect;

    public SchemaOptions Options => compiler.Options;

    public SchemaPlace Place => place;

    public RuleSite Site(string keyword) => new(keyword, LocationOf(keyword));

    public RuleSite Site(string keyword, string entry) => new(keyword, $"{LocationOf(keyword)}/{JsonPointer.Escape(entry)}");

    public bool Has(string keyword) => place.Element.TryGetProperty(keyword, out _);

    public bool TryGet(string keyword, out JsonElement value) => place.Element.TryGetProperty(keyword, out value);

    public bool TryGet(string keyword, JsonValueKind kind, string shape, out JsonElement value) =>
        TryGet(keyword, out value) && (value.ValueKind == kind || Fault(keyword, $"{keyword} must be {shape}"));

    public bool TryGetText(string keyword, [NotNullWhen(true)] out string? text)
    {
        text = TryGet(keyword, JsonValueKind.String, "a string", out var value) ? value.GetString() : null;
        return text is not null;
    }

    public bool TryGetNumber(string keyword, out JsonElement number) => TryGet(keyword, JsonValueKind.Number, "a number", out number);

    /// <summary>A size such as minLength; 2.0 is one too.</summary>
    public bool TryGetCount(string keyword, out long count)
    {
        count = 0;
        if (!TryGet(keyword, out var value))
        {
            return false;
        }

        if (value.ValueKind is JsonValueKind.Number)
        {
            var number = new JsonNumber(JsonMarshal.GetRawUtf8Value(value));
            if (number.IsInteger && !number.IsNegative)
            {
                // Nothing has as many as 10^18 characters, items or members.
                count = number.Magnitude <= 18 && number.TryGetInteger(out var integer) ? integer : long.MaxValue;
                return true;
            }
        }

        return Fault(keyword, $"{keyword} must be an integer of 0 or more");
    }

    public bool TryGetNames(string keyword, JsonElement value, out string[] names)
    {
        var isList = value.ValueKind is JsonValueKind.Array && value.EnumerateArray().All(v => v.ValueKind is JsonValueKind.String);
        names = isList ? [.. value.EnumerateArray().Select(v => v.GetString()!).Distinct(StringComparer.Ordinal)] : [];
        return isList || Fault(keyword, $"{keyword} must be a list of property names");
    }

    public SchemaNode? Node(string keyword) => TryGet(keyword, out var value) ? Node(LocationPointer(keyword), value) : null;

    public SchemaNode[] Nodes(string keyword)
    {
        if (!TryGet(keyword, JsonValueKind.Array, "a list of schemas", out var list))
        {
            return [];
        }

        var nodes = new List<SchemaNode>();
        foreach (var (index, item) in list.EnumerateArray().Index())
        {
            nodes.Add(Node($"{LocationPointer(keyword)}/{index}", item));
        }

        return [.. nodes];
    }

    /// <summary>Entries of a keyword that maps names to something; of a name given twice the last counts.</summary>
    public IReadOnlyList<JsonProperty> Entries(string keyword) =>
        TryGet(keyword, JsonValueKind.Object, "an object", out var map)
            ? [.. map.EnumerateObject().Reverse().DistinctBy(e => e.Name, StringComparer.Ordinal).Reverse()]
            : [];

    public SchemaNode EntryNode(string keyword, JsonProperty entry) =>
        Node($"{LocationPointer(keyword)}/{JsonPointer.Escape(entry.Name)}", entry.Value);

    /// <summary>Always false, so that a check can end in it.</summary>
    public bool Fault(string keyword, string reason) => compiler.Fault(LocationOf(keyword), reason);

    private SchemaNode Node(string pointer, JsonElement element) => compiler.Node(place, pointer, element);

    private string LocationPointer(string keyword) => $"{place.Pointer}/{JsonPointer.Escape(keyword)}";

    private string LocationOf(string keyword) => SchemaPlace.LocationOf(place.Document, LocationPointer(keyword));
}
