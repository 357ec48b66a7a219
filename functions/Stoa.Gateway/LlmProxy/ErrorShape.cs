using Microsoft.AspNetCore.Http;

namespace Stoa.Gateway.LlmProxy;

/// <summary>Whose error bodies the caller of a URL can read.</summary>
internal enum ErrorShape
{
    /// <summary><c>{"error":{"message","type","param","code"}}</c></summary>
    OpenAI,

    /// <summary><c>{"type":"error","error":{"type","message"},"request_id"}</c></summary>
    Anthropic,
}

/// <summary>Which URLs belong to the doors of models, and which shape each speaks.</summary>
internal static class ErrorShapes
{
    /// <summary>Header that every Anthropic SDK sends, and no other.</summary>
    public const string AnthropicVersion = "anthropic-version";

    /// <summary>The shape for this request; null when its URL is not one of these doors'.</summary>
    public static ErrorShape? Of(HttpRequest request) =>
        request.Path.StartsWithSegments("/v1", out var rest)
            ? rest.StartsWithSegments("/messages") || request.Headers.ContainsKey(AnthropicVersion) ? ErrorShape.Anthropic : ErrorShape.OpenAI
            : request.Path.StartsWithSegments("/openai") ? ErrorShape.OpenAI : null;
}
