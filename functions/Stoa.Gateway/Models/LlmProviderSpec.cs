using System.Text.Json.Serialization;
using Stoa.Gateway.Models.Prices;
using Stoa.Gateway.Resources;
using Stoa.Gateway.Secrets;
using Stoa.Gateway.Tools.Resilience;

namespace Stoa.Gateway.Models;

/// <summary>The spec of an <c>LlmProvider</c>; <c>LlmProviderKind</c> says what each field means.</summary>
internal sealed record LlmProviderSpec(
    string? DisplayName,
    ProviderType Type,
    string? BaseUrl,
    ProviderAuth? Auth,
    string? ApiVersion,
    IReadOnlyDictionary<string, string>? Deployments,
    IReadOnlyDictionary<string, string>? Headers,
    bool? Responses,
    IReadOnlyList<ModelPrice>? Prices,
    UnknownPrice UnknownPrice,
    OnDisconnect OnDisconnect,
    ProviderTimeouts Timeouts,
    CircuitBreakerSpec CircuitBreaker,
    bool Enabled);

internal enum ProviderType
{
    [JsonStringEnumMemberName("openai")]
    OpenAI,

    [JsonStringEnumMemberName("azure-openai")]
    AzureOpenAI,
    Anthropic,
    Mistral,
    Gemini,

    /// <summary>Any server of chat completions, such as vLLM or Ollama.</summary>
    [JsonStringEnumMemberName("openai-compatible")]
    OpenAICompatible,
}

/// <summary>How the gateway proves itself: a secret, or (Azure) its own identity; no <c>auth</c> for a server that asks for nothing.</summary>
internal sealed record ProviderAuth(SecretRef? SecretRef, bool ManagedIdentity = false);

/// <summary>The price of the models that a pattern matches: a name, or a prefix ending in <c>*</c>. US dollars per million tokens.</summary>
internal sealed record ModelPrice(
    string Model, decimal Input, decimal Output, decimal? CacheRead, decimal? CacheWrite, decimal? CacheWriteHour, decimal? AudioInput, decimal? AudioOutput)
{
    public Price ToPrice() => new(Input, Output)
    {
        CacheRead = CacheRead,
        CacheWrite = CacheWrite,
        CacheWriteHour = CacheWriteHour,
        AudioInput = AudioInput,
        AudioOutput = AudioOutput,
    };
}

/// <summary>What happens to a call of a model whose price nobody knows. Never counted as free against a budget in either case.</summary>
internal enum UnknownPrice
{
    /// <summary>Served, its cost reported as unknown; refused for callers who have a budget.</summary>
    Report,

    /// <summary>Refused for everybody.</summary>
    Refuse,
}

/// <summary>When the caller leaves in the middle of a stream.</summary>
internal enum OnDisconnect
{
    /// <summary>The upstream's stream is closed; what was emitted is counted.</summary>
    Stop,

    /// <summary>It is read to its end, for a bounded time, for the provider's own count.</summary>
    Drain,
}

/// <param name="FirstByte">From sending to the first byte of the answer, or of a stream to its first event.</param>
/// <param name="Idle">Between two reads of a stream.</param>
/// <param name="Total">For everything of one target, retries included.</param>
internal sealed record ProviderTimeouts(
    [property: JsonConverter(typeof(DurationJsonConverter))] TimeSpan FirstByte,
    [property: JsonConverter(typeof(DurationJsonConverter))] TimeSpan Idle,
    [property: JsonConverter(typeof(DurationJsonConverter))] TimeSpan Total);
