using System.Text.Json.Serialization;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Resources;
using Stoa.Gateway.Tenants;

namespace Stoa.Gateway.Models;

/// <summary>The spec of an <c>LlmRoute</c>; <c>LlmRouteKind</c> says what each field means.</summary>
/// <param name="Models">Names as callers give them, or prefixes ending in <c>*</c>; null means the route's own name.</param>
/// <param name="MaxOutputTokens">Null: what the caller asks for, and where that must be bounded, what the model can, else 4,096.</param>
internal sealed record LlmRouteSpec(
    string? DisplayName,
    string? Description,
    IReadOnlyList<string>? Models,
    RouteStrategy Strategy,
    IReadOnlyList<RouteTarget> Targets,
    long? MaxOutputTokens,
    RouteRetry Retry,
    QuotaPolicyRef? QuotaPolicyRef,
    bool Enabled,
    AuditMode Audit = AuditMode.Buffered)
{
    /// <summary>What callers may put in <c>model</c>, for a route of this name.</summary>
    public IReadOnlyList<string> NamesOf(string route) => Models ?? [route];
}

internal enum RouteStrategy
{
    /// <summary>In the order written; the next when one fails.</summary>
    Ordered,

    /// <summary>At random, as the weights say; the others when it fails.</summary>
    Weighted,

    LowestCost,

    /// <summary>By what this instance has measured of late.</summary>
    LowestLatency,
}

/// <param name="Provider">An LlmProvider.</param>
/// <param name="Model">As the provider calls it; null: as the caller did.</param>
/// <param name="When">All that is given must hold for the target to be considered.</param>
internal sealed record RouteTarget(string Provider, string? Model, int Weight, RouteCondition? When);

/// <param name="Consumers">The caller is one of these.</param>
/// <param name="Plans">The caller's plan is one of these.</param>
/// <param name="Tags">The request's <c>metadata</c> has these members with these values.</param>
/// <param name="Headers">The request carries these headers with these values.</param>
internal sealed record RouteCondition(
    IReadOnlyList<string>? Consumers, IReadOnlyList<string>? Plans, IReadOnlyDictionary<string, string>? Tags, IReadOnlyDictionary<string, string>? Headers);

/// <param name="Attempts">Per target, the first included.</param>
internal sealed record RouteRetry(int Attempts, [property: JsonConverter(typeof(DurationJsonConverter))] TimeSpan Backoff);
