using System.Globalization;
using System.Text.Json;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Schemas.Json;

namespace Stoa.Gateway.OpenApi;

/// <summary>
/// An OpenAPI 3.0, 3.1 or 3.2 document as JSON. References are followed within it, a bounded number of steps; nothing outside it is ever
/// read. Objects that references lead through are indexed on first use, so that a hostile document cannot make each one a long search.
/// </summary>
internal sealed class ApiDocument
{
    private const int MostHops = 32;

    // An item is found by counting from the start.
    private const int MostIndex = 1000;

    private readonly Dictionary<string, Dictionary<string, JsonElement>> _members = new(StringComparer.Ordinal);

    private ApiDocument(JsonElement root, bool is30) => (Root, Is30) = (root, is30);

    public JsonElement Root { get; }

    /// <summary>3.0 has a schema dialect of its own; later versions speak JSON Schema 2020-12.</summary>
    public bool Is30 { get; }

    /// <summary>The document, or null and a sentence that says what to do. It lives as long as its <see cref="JsonDocument"/>.</summary>
    public static ApiDocument? Read(JsonElement root, out string complaint)
    {
        var version = root.Text("openapi");
        complaint = version switch
        {
            _ when root.ValueKind is not JsonValueKind.Object => "The source is no OpenAPI document: its root must be an object.",
            null when root.Member("swagger") is not null => "The source is a Swagger 2.0 document, which is not read; convert it to OpenAPI 3 first, most API tools can.",
            null => "The source is no OpenAPI document: it lacks the field `openapi` with a version such as 3.1.1.",
            _ when IsMinor(version, "3.0") || IsMinor(version, "3.1") || IsMinor(version, "3.2") => "",
            _ => "This version of OpenAPI is not known here; 3.0, 3.1 and 3.2 are read.",
        };
        return complaint.Length == 0 ? new(root, IsMinor(version!, "3.0")) : null;
    }

    /// <summary>The node itself, or what its <c>$ref</c> leads to in the end.</summary>
    public bool TryFollow(JsonElement node, out JsonElement target, out string reason)
    {
        target = node;
        reason = "";
        for (var hops = 0; target.Text("$ref") is { } reference; hops++)
        {
            if (hops == MostHops)
            {
                reason = $"`{Shown(reference)}` leads to itself, or through too many references";
                return false;
            }

            if (!TryFind(reference, out target, out reason))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>What one reference names, without following further ones.</summary>
    public bool TryFind(string reference, out JsonElement target, out string reason)
    {
        target = Root;
        if (!reference.StartsWith('#'))
        {
            reason = $"`{Shown(reference)}` lies in another document, and nothing but the source is read; bundle the description into one document";
            return false;
        }

        var pointer = Uri.UnescapeDataString(reference[1..]);
        if (pointer is not ("" or ['/', ..]))
        {
            reason = $"`{Shown(reference)}` names an anchor; write the reference as a path such as #/components/schemas/Name";
            return false;
        }

        var container = "";
        foreach (var token in pointer.Split('/').Skip(1))
        {
            var name = JsonPointer.Unescape(token);
            if (Step(target, container, name) is not { } next)
            {
                reason = $"`{Shown(reference)}` leads nowhere";
                return false;
            }

            // Spelled one way: a tilde may be written as itself or as ~0, and each spelling would index the same object anew.
            target = next;
            container = $"{container}/{JsonPointer.Escape(name)}";
        }

        reason = "";
        return true;
    }

    private JsonElement? Step(JsonElement element, string container, string token)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                if (!_members.TryGetValue(container, out var members))
                {
                    _members[container] = members = element.EnumerateObject().ToDictionary(m => m.Name, m => m.Value, StringComparer.Ordinal);
                }

                return members.TryGetValue(token, out var member) ? member : null;

            case JsonValueKind.Array:
                // RFC 6901 §4: no zeros in front, which would also name one item in any number of ways.
                return token is not ['0', _, ..] && int.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < Math.Min(element.GetArrayLength(), MostIndex) ? element[index] : null;

            default:
                return null;
        }
    }

    private static bool IsMinor(string version, string minor) =>
        version == minor || version.StartsWith(minor + ".", StringComparison.Ordinal) || version.StartsWith(minor + "-", StringComparison.Ordinal);

    private static string Shown(string reference) => JsonText.Shorten(reference, 120);
}
