using System.Text.Json;

namespace Stoa.Gateway.OpenApi;

/// <summary>
/// Where operations are served: <c>baseURL</c> of the ToolSet, else the nearest <c>servers</c>, its variables at their defaults and relative
/// URLs taken from where the description came from.
/// </summary>
internal sealed class ServerUrls(ApiDocument api, string? baseUrl, Uri? source)
{
    private const int MostVariables = 32;
    private const int LongestUrl = 2048;
    private const int LongestValue = 256;

    /// <summary>Without a slash at the end; null and a reason when there is none that can be used.</summary>
    public string? Of(ApiOperation operation, out string reason)
    {
        reason = "";
        if (baseUrl is not null)
        {
            return baseUrl.TrimEnd('/');
        }

        var server = First(operation.Node) ?? First(operation.PathItem) ?? First(api.Root);
        var text = server is { } given ? Filled(given) : "/";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || text.StartsWith('/'))
        {
            if (source is null)
            {
                reason = "its server is a relative URL, and a description that is inline has no place of its own; set `baseURL`";
                return null;
            }

            url = Uri.TryCreate(source, text, out var resolved) ? resolved : null;
        }

        if (url is null || url.Scheme is not ("https" or "http") || url.Query.Length + url.Fragment.Length > 0 || text.Length > LongestUrl || text.Contains('{', StringComparison.Ordinal))
        {
            reason = "its server is no http or https URL without query and open variables; set `baseURL`";
            return null;
        }

        return url.AbsoluteUri.TrimEnd('/');
    }

    private static JsonElement? First(JsonElement holder) =>
        holder.Member("servers") is { ValueKind: JsonValueKind.Array } servers && servers.GetArrayLength() > 0 ? servers[0] : null;

    private static string Filled(JsonElement server)
    {
        var text = server.Text("url") ?? "/";
        foreach (var variable in server.Member("variables").Members().Take(MostVariables))
        {
            // Bounded, as a value may stand in many places.
            if (text.Length <= LongestUrl && variable.Value.Text("default") is { Length: <= LongestValue } value)
            {
                text = text.Replace($"{{{variable.Name}}}", value, StringComparison.Ordinal);
            }
        }

        return text;
    }
}
