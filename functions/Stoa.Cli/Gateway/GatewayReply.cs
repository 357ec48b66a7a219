using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Stoa.Cli.Gateway;

/// <summary>An answer of the gateway. <see cref="Body"/> is null when there was none or it is not JSON.</summary>
internal sealed record GatewayReply(int Status, JsonNode? Body, string? Location, string? RetryAfter)
{
    // A tree with the same name twice would fail later, in whatever reads it.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>What is wrong, in the gateway's words; null when these are not the gateway's words.</summary>
    public string? Message => Text("message");

    public IReadOnlyList<string> Findings => Body is JsonObject map && map["findings"] is JsonArray findings ? [.. findings.Select(f => f!.GetValue<string>())] : [];

    public static GatewayReply Of(int status, byte[] body, HttpResponseHeaders headers)
    {
        JsonNode? parsed = null;
        try
        {
            parsed = body.Length == 0 ? null : JsonNode.Parse(body, documentOptions: Strict);
        }
        catch (JsonException)
        {
            // Not the gateway's words, then.
        }

        return new(status, parsed, headers.Location?.ToString(), headers.RetryAfter?.ToString());
    }

    public bool IsRefusal(string error) => Text("error") == error;

    private string? Text(string name) =>
        Body is JsonObject map && map.TryGetPropertyValue(name, out var node) && node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
