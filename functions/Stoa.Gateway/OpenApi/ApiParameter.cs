using System.Text.Json;

namespace Stoa.Gateway.OpenApi;

/// <summary>A parameter of an operation, its reference followed.</summary>
internal sealed record ApiParameter(string In, string Name, JsonElement Node)
{
    public bool IsPath => In == "path";

    public bool IsRequired => IsPath || Node.Flag("required") is true;

    /// <summary>Null when it is none, or travels as a document of its own under <c>content</c>.</summary>
    public JsonElement? Schema => Node.Member("schema");

    // OpenAPI: parameters of these names are ignored, as other fields describe them.
    public bool IsIgnored => In == "header" && Name.ToUpperInvariant() is "ACCEPT" or "CONTENT-TYPE" or "AUTHORIZATION";
}

internal static class ApiParameters
{
    private const int Most = 100;

    private static readonly string[] Places = ["path", "query", "header", "cookie"];

    /// <summary>Those of the path and of the operation, which come last and win; null and a reason when one cannot be read.</summary>
    public static IReadOnlyList<ApiParameter>? Of(ApiDocument api, ApiOperation operation, out string reason)
    {
        var found = new Dictionary<(string, string), ApiParameter>();
        foreach (var holder in new[] { operation.PathItem, operation.Node })
        {
            if (holder.Member("parameters") is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() > Most)
            {
                reason = $"it has more than {Most} parameters";
                return null;
            }

            foreach (var given in holder.Member("parameters").Items())
            {
                if (!api.TryFollow(given, out var node, out reason))
                {
                    reason = $"the reference of a parameter {reason}";
                    return null;
                }

                if (node.Text("in") is not { } place || node.Text("name") is not { Length: > 0 } name || !Places.Contains(place))
                {
                    reason = node.Text("in") is "querystring" ? "it takes the whole query as one parameter (querystring)" : "a parameter of it lacks `name`, or `in` is none of path, query, header and cookie";
                    return null;
                }

                found[(place, place == "header" ? name.ToUpperInvariant() : name)] = new(place, name, node);
            }
        }

        reason = "";
        return [.. found.Values.Where(p => !p.IsIgnored)];
    }
}
