using System.Buffers;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Stoa.Gateway.Tools.Credentials;

namespace Stoa.Gateway.Tools.Requests;

/// <summary>
/// Turns a validated call into the HTTP request that its tool describes, once per attempt, from nothing: no header of the caller is copied, so no
/// credential of the caller can travel on.
/// </summary>
internal readonly record struct ToolRequest(Tool Tool, JsonElement Arguments)
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    /// <summary>The request, or null and a fault in words for the agent.</summary>
    public HttpRequestMessage? Build(ToolCredential credential, out string fault)
    {
        var hasBody = Tool.Spec.Method is "POST" or "PUT" or "PATCH";
        if (Tool.Endpoint.Expand(Arguments, restInQuery: !hasBody, credential.Query, out fault) is not { } url)
        {
            return null;
        }

        var request = new HttpRequestMessage(HttpMethod.Parse(Tool.Spec.Method), url);
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/*;q=0.5, image/*;q=0.5, audio/*;q=0.5");
        request.Headers.TryAddWithoutValidation("User-Agent", "stoa-serverless");
        if (credential.HeaderName is { } header)
        {
            request.Headers.TryAddWithoutValidation(header, credential.HeaderValue!.Reveal());
        }

        if (hasBody)
        {
            request.Content = new ReadOnlyMemoryContent(BodyOf(Tool, Arguments));
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
