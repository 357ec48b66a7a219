using System.Text.Json.Serialization;
using Stoa.Gateway.Resources;

namespace Stoa.Gateway.Tools.Resilience;

/// <summary>When a failed call of an idempotent tool is tried again.</summary>
/// <param name="Attempts">In all, the first included.</param>
/// <param name="Backoff">The most that is waited before the second; doubles from then on.</param>
/// <param name="AttemptTimeout">What one attempt may take; null means all the time that is left.</param>
internal sealed record RetrySpec(
    int Attempts,
    [property: JsonConverter(typeof(DurationJsonConverter))] TimeSpan Backoff,
    [property: JsonConverter(typeof(DurationJsonConverter))] TimeSpan? AttemptTimeout);

/// <summary>When a failing endpoint is left alone.</summary>
internal sealed record CircuitBreakerSpec(
    bool Enabled,
    int Failures,
    [property: JsonConverter(typeof(DurationJsonConverter))] TimeSpan Window,
    [property: JsonConverter(typeof(DurationJsonConverter))] TimeSpan OpenFor);
