using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Stoa.Gateway.Mcp;

/// <summary>An argument that clients mirror into a <c>Mcp-Param-*</c> header because its schema says <c>x-mcp-header</c> (2026-07-28, tools).</summary>
internal sealed record MirroredParameter(string Header, string[] Path)
{
    /// <summary>The annotated properties that are reachable through <c>properties</c> alone, as the revision asks.</summary>
    public static IReadOnlyList<MirroredParameter> FindAll(JsonElement schema)
    {
        var found = new List<MirroredParameter>();
        Collect(schema, [], found);
        return found;
    }

    /// <summary>Null when header and argument agree.</summary>
    public RpcError? Check(IHeaderDictionary headers, JsonElement arguments)
    {
        var value = arguments;
        foreach (var step in Path)
        {
            if (value.ValueKind is not JsonValueKind.Object || !value.TryGetProperty(step, out value))
            {
                value = default;
                break;
            }
        }

        return MirroredHeader.Check(headers[Header], Header, value);
    }

    private static void Collect(JsonElement schema, string[] path, List<MirroredParameter> found)
    {
        if (schema.ValueKind is not JsonValueKind.Object || !schema.TryGetProperty("properties"u8, out var properties) || properties.ValueKind is not JsonValueKind.Object)
        {
            return;
        }

        foreach (var property in properties.EnumerateObject())
        {
            string[] here = [.. path, property.Name];
            if (property.Value.ValueKind is JsonValueKind.Object && property.Value.TryGetProperty("x-mcp-header"u8, out var name) && name.ValueKind is JsonValueKind.String)
            {
                found.Add(new("Mcp-Param-" + name.GetString(), here));
            }

            Collect(property.Value, here, found);
        }
    }
}
