using System.Buffers;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Tools;

/// <summary>
/// Turns a validated call into the HTTP request that its tool describes, from nothing: no header of the caller is copied, so no
/// credential of the caller can travel on.
/// </summary>
internal static class ToolRequest
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    /// <summary>The request, or null and a fault in words for the agent.</summary>
    public static HttpRequestMessage? Build(Tool tool, JsonElement arguments, ToolCredential credential, out string fault)
    {
        var hasBody = tool.Spec.Method is "POST" or "PUT" or "PATCH";
        if (tool.Endpoint.Expand(arguments, restInQuery: !hasBody, credential.Query, out fault) is not { } url)
        {
            return null;
        }

        var request = new HttpRequestMessage(HttpMethod.Parse(tool.Spec.Method), url);
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/*;q=0.5, image/*;q=0.5, audio/*;q=0.5");
        request.Headers.TryAddWithoutValidation("User-Agent", "stoa-serverless");
        if (credential.HeaderName is { } header)
        {
            request.Headers.TryAddWithoutValidation(header, credential.HeaderValue!.Reveal());
        }

        if (hasBody)
        {
            request.Content = new ReadOnlyMemoryContent(BodyOf(tool, arguments));
            request.Content.Headers.ContentType = Json;
        }

        return request;
    }

    private static ReadOnlyMemory<byte> BodyOf(Tool tool, JsonElement arguments)
    {
        if (!tool.Endpoint.HasPathParameters)
        {
            return JsonMarshal.GetRawUtf8Value(arguments).ToArray();
        }

        var body = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(body);
        json.WriteStartObject();
        foreach (var argument in arguments.EnumerateObject())
        {
            if (!tool.Endpoint.IsPathParameter(argument.Name))
            {
                argument.WriteTo(json);
            }
        }

        json.WriteEndObject();
        json.Flush();
        return body.WrittenMemory;
    }
}

/// <summary>What a tool's own credential adds to a request: one header, or one query parameter, or nothing.</summary>
internal readonly record struct ToolCredential(string? HeaderName, Secret? HeaderValue, string? Query)
{
    public static ToolCredential None => default;

    public static ToolCredential Header(string name, string value) => new(name, new Secret(value), null);

    public static ToolCredential InQuery(string name, Secret value) =>
        new(null, null, $"{Uri.EscapeDataString(name)}={Uri.EscapeDataString(value.Reveal())}");

    /// <summary>RFC 7617 §2.</summary>
    public static ToolCredential Basic(string user, Secret password) =>
        Header("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password.Reveal()}")));
}
