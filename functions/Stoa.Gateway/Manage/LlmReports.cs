using System.Text.Json.Serialization;

namespace Stoa.Gateway.Manage;

/// <summary>Answer of <c>llm/status</c>: what is configured, at a glance.</summary>
internal sealed record LlmStatusReport(string Namespace, LlmProviderCount Providers, IReadOnlyList<LlmRouteReport> Routes);

internal sealed record LlmProviderCount(int Total, int Enabled, int Healthy, int Failing);

/// <param name="Models">As callers name them.</param>
internal sealed record LlmRouteReport(string Name, IReadOnlyList<string> Models, string Strategy, bool Enabled, IReadOnlyList<LlmTargetReport> Targets);

/// <param name="Model">Null: as the caller names it.</param>
internal sealed record LlmTargetReport(string Provider, string? Model, int? Weight, bool Conditional, bool? Healthy);

/// <summary>Answer of <c>llm/providers</c>: what is configured and what this instance has seen of late. No secrets, and no names of them.</summary>
/// <param name="PricesAsOf">When the gateway's own table of prices was last read from its sources.</param>
internal sealed record LlmProvidersReport(string Namespace, DateOnly PricesAsOf, IReadOnlyList<LlmProviderReport> Providers);

/// <param name="Auth">secret, managedIdentity or none.</param>
/// <param name="Healthy">Null: nobody has asked it of late.</param>
internal sealed record LlmProviderReport(string Name, string Type, string BaseUrl, string Auth, bool Enabled, string UnknownPrice, bool? Healthy, IReadOnlyList<LlmModelReport> Models);

/// <param name="LastError">What kind of failure it was.</param>
/// <param name="LatencyMs">Mean time to a whole answer, of late.</param>
/// <param name="FirstEventMs">Mean time to the first event of a stream, of late.</param>
/// <param name="Price">US dollars per million tokens; null when nobody knows it.</param>
internal sealed record LlmModelReport(
    string Model, bool? Healthy, string Breaker, DateTimeOffset? LastSuccessAt, DateTimeOffset? LastErrorAt, string? LastError, double? LatencyMs, double? FirstEventMs,
    LlmPriceReport? Price);

internal sealed record LlmPriceReport(decimal Input, decimal Output, decimal? CacheRead, decimal? CacheWrite, decimal? CacheWriteHour, decimal? AudioInput, decimal? AudioOutput)
{
    /// <summary>Another price for requests whose input is longer than <see cref="LongOver"/>.</summary>
    public LlmPriceReport? Long { get; init; }

    public long? LongOver { get; init; }
}

/// <summary>Answer of <c>llm/breakers</c>: this instance's.</summary>
internal sealed record LlmBreakersReport(string Namespace, IReadOnlyList<LlmBreakerReport> Breakers);

/// <param name="State">closed, open or halfOpen.</param>
internal sealed record LlmBreakerReport(string Provider, string Model, string State, DateTimeOffset? OpenUntil, string? LastError);

/// <summary>Answer of <c>llm/costs</c>: what models cost, over all instances.</summary>
internal sealed record LlmCostsReport(string Namespace, string From, string To, IReadOnlyList<LlmCostLine> Rows, LlmCostLine Total);

/// <param name="Model">As callers name it; null in the total.</param>
/// <param name="CostUsd">With six decimals, of the calls whose price is known.</param>
/// <param name="UnpricedCalls">Of the calls: those that used tokens at a price that nobody knows.</param>
internal sealed record LlmCostLine(string? Model, string? Provider, long Calls, long Errors, long InputTokens, long CachedTokens, long OutputTokens, decimal CostUsd, long UnpricedCalls);

/// <summary>Answer of a probe.</summary>
internal sealed record LlmProbeReport(string Provider, bool Healthy, int? Status, double DurationMs, string? Error);

/// <summary>Reads and writes these.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LlmStatusReport))]
[JsonSerializable(typeof(LlmProvidersReport))]
[JsonSerializable(typeof(LlmBreakersReport))]
[JsonSerializable(typeof(LlmCostsReport))]
[JsonSerializable(typeof(LlmProbeReport))]
internal sealed partial class LlmJson : JsonSerializerContext;
