using System.Buffers;
using System.Text.Json;

namespace Stoa.Gateway.Tools;

/// <summary>
/// Holds the <c>x-mcp-header</c> annotations of an input schema against MCP 2026-07-28 (server/tools): clients drop a tool that breaks
/// them from its list, so its author hears of it here.
/// </summary>
internal static class HeaderAnnotations
{
    private const string Annotation = "x-mcp-header";

    // RFC 9110 §5.6.2, tchar.
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>What is wrong, or null.</summary>
    public static string? Complaint(JsonElement inputSchema) =>
        Complaint(inputSchema, isReachable: true, isRoot: true, new HashSet<string>(StringComparer.OrdinalIgnoreCase));

    private static string? Complaint(JsonElement schema, bool isReachable, bool isRoot, HashSet<string> names)
    {
        if (schema.ValueKind is JsonValueKind.Array)
        {
            return First(schema.EnumerateArray(), item => Complaint(item, isReachable: false, isRoot: false, names));
        }

        return schema.ValueKind is not JsonValueKind.Object ? null : First(schema.EnumerateObject(), member => member.Name switch
        {
            Annotation => !isReachable || isRoot ? $"{Annotation} may stand on a property that is reached through `properties` alone." : Check(schema, member.Value, names),
            "properties" when member.Value.ValueKind is JsonValueKind.Object =>
                First(member.Value.EnumerateObject(), property => Complaint(property.Value, isReachable, isRoot: false, names)),
            "$defs" or "patternProperties" or "dependentSchemas" when member.Value.ValueKind is JsonValueKind.Object =>
                First(member.Value.EnumerateObject(), named => Complaint(named.Value, isReachable: false, isRoot: false, names)),
            "const" or "enum" or "default" or "examples" => null,
            _ => Complaint(member.Value, isReachable: false, isRoot: false, names),
        });
    }

    private static string? Check(JsonElement property, JsonElement value, HashSet<string> names)
    {
        if (value.ValueKind is not JsonValueKind.String || value.GetString() is not { Length: > 0 } name || name.AsSpan().ContainsAnyExcept(TokenCharacters))
        {
            return $"{Annotation} must be the end of a header name: letters, digits and hyphens.";
        }

        return !IsPrimitive(property) ? $"{Annotation} may stand on a string, an integer or a boolean only."
            : !names.Add(name) ? $"{Annotation} names `{name}` twice; header names have no case."
            : null;
    }

    // A type that also allows null is primitive too: null is sent by leaving the header out.
    private static bool IsPrimitive(JsonElement property)
    {
        if (!property.TryGetProperty("type"u8, out var type))
        {
            return false;
        }

        var named = type.ValueKind is JsonValueKind.Array ? type.EnumerateArray().Where(t => t.ValueKind is not JsonValueKind.String || !t.ValueEquals("null"u8)).ToArray() : [type];
        return named is [{ ValueKind: JsonValueKind.String } only] && (only.ValueEquals("string"u8) || only.ValueEquals("integer"u8) || only.ValueEquals("boolean"u8));
    }

    private static string? First<T>(IEnumerable<T> items, Func<T, string?> complaint) => items.Select(complaint).FirstOrDefault(c => c is not null);
}
