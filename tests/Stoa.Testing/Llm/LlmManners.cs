using System.Text.Json;

namespace Stoa.Testing.Llm;

/// <summary>What the real providers refuse before their model sees it: a wrong credential, a missing version, fields that they do not know.</summary>
internal static class LlmManners
{
    private static readonly string[] MistralFields =
    [
        "model", "messages", "temperature", "top_p", "max_tokens", "stream", "stop", "random_seed", "metadata", "response_format", "tools", "tool_choice",
        "presence_penalty", "frequency_penalty", "n", "prediction", "parallel_tool_calls", "prompt_mode", "reasoning_effort", "guardrails", "safe_prompt", "prompt_cache_key",
    ];

    private static readonly string[] AnthropicFields =
    [
        "model", "messages", "max_tokens", "system", "metadata", "stop_sequences", "stream", "temperature", "top_k", "top_p", "tools", "tool_choice", "thinking",
        "container", "context_management", "mcp_servers", "service_tier", "output_config", "output_format", "cache_control", "inference_geo",
    ];

    private static readonly string[] GeminiFields = ["contents", "systemInstruction", "tools", "toolConfig", "generationConfig", "safetySettings", "cachedContent", "generateContentRequest", "model", "labels"];

    /// <summary>Status and message, or null when there is nothing to say against it.</summary>
    public static (int Status, string Message)? Complaint(LlmAsk ask)
    {
        if (CredentialOf(ask) != LlmUpstream.Key)
        {
            return (401, "Incorrect API key provided.");
        }

        return ask.Shape switch
        {
            LlmShape.Azure when !ask.Request.Target.Contains("/v1/", StringComparison.Ordinal) && !ask.Request.Target.Contains("api-version=", StringComparison.Ordinal) => (404, "Resource not found"),
            LlmShape.Anthropic when ask.Request.Header("anthropic-version") is null => (400, "anthropic-version: header is required"),
            LlmShape.Anthropic when ask.Verb is LlmVerb.Messages && ask.MaxTokens is null => (400, "max_tokens: Field required"),
            LlmShape.Anthropic => Unknown(ask.Body, AnthropicFields) is { } field ? (400, $"{field}: Extra inputs are not permitted") : null,
            LlmShape.Mistral when ask.Verb is LlmVerb.Chat => Unknown(ask.Body, MistralFields) is { } field ? (422, $"body.{field}: Extra inputs are not permitted") : null,
            LlmShape.Gemini when ask.Verb is LlmVerb.GenerateContent =>
                Unknown(ask.Body, GeminiFields) is { } field ? (400, $"Invalid JSON payload received. Unknown name \"{field}\": Cannot find field.") : null,
            LlmShape.OpenAI when ask.Verb is LlmVerb.Chat && ask.Model is ['o', >= '0' and <= '9', ..] && ask.Body.TryGetProperty("max_tokens", out _) =>
                (400, "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."),
            _ => null,
        };
    }

    private static string? CredentialOf(LlmAsk ask)
    {
        var bearer = ask.Request.Header("Authorization") is { } line && line.StartsWith("Bearer ", StringComparison.Ordinal) ? line["Bearer ".Length..] : null;
        return ask.Shape switch
        {
            LlmShape.Anthropic => ask.Request.Header("x-api-key") ?? bearer,
            LlmShape.Azure => ask.Request.Header("api-key") ?? bearer,
            LlmShape.Gemini => ask.Request.Header("x-goog-api-key") ?? bearer,
            _ => bearer,
        };
    }

    private static string? Unknown(JsonElement body, string[] known) =>
        body.ValueKind is JsonValueKind.Object ? body.EnumerateObject().Select(m => m.Name).FirstOrDefault(name => !known.Contains(name, StringComparer.Ordinal)) : null;
}
