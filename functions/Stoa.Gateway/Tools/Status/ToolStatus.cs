using System.Text.Json.Serialization;
using Stoa.Gateway.Tools.Resilience;

namespace Stoa.Gateway.Tools.Status;

/// <summary>What was last seen of a tool. A hint for people: nothing is decided by it, and losing it loses nothing of record.</summary>
internal sealed record ToolStatus(LastCall? LastCall, LastError? LastError, BreakerSeen? Breaker, EndpointSeen? Endpoint)
{
    public static ToolStatus Unknown { get; } = new(null, null, null, null);

    /// <summary>Both, the later of each part.</summary>
    public ToolStatus With(ToolStatus? other) => other is null ? this : new(
        Later(LastCall, other.LastCall, static c => c.At),
        Later(LastError, other.LastError, static e => e.At),
        Later(Breaker, other.Breaker, static b => b.SeenAt),
        Later(Endpoint, other.Endpoint, static e => e.CheckedAt));

    private static T? Later<T>(T? one, T? other, Func<T, DateTimeOffset> at)
        where T : class => one is null || (other is not null && at(other) > at(one)) ? other : one;
}

/// <param name="Outcome"><c>ok</c> or <c>error</c>.</param>
/// <param name="Status">HTTP status of the endpoint; null when it gave none.</param>
internal sealed record LastCall(DateTimeOffset At, string Outcome, int? Status, double DurationMs);

/// <param name="Message">As the agent was told, so fit to be shown.</param>
internal sealed record LastError(DateTimeOffset At, string Message);

/// <param name="Until">When an open one lets a call through to try.</param>
internal sealed record BreakerSeen(BreakerPhase State, DateTimeOffset? Until, DateTimeOffset SeenAt);

/// <param name="Reachable">True when it gave any HTTP answer at all.</param>
internal sealed record EndpointSeen(bool Reachable, DateTimeOffset CheckedAt);

/// <summary>A status as stored, with the incarnation of the tool that it is about.</summary>
internal sealed record StatusRow(string Uid, LastCall? LastCall, LastError? LastError, BreakerSeen? Breaker, EndpointSeen? Endpoint)
{
    [JsonIgnore]
    public ToolStatus Status => new(LastCall, LastError, Breaker, Endpoint);

    public static StatusRow Of(string uid, ToolStatus status) => new(uid, status.LastCall, status.LastError, status.Breaker, status.Endpoint);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = [typeof(CamelCase<BreakerPhase>)])]
[JsonSerializable(typeof(StatusRow))]
internal sealed partial class StatusJson : JsonSerializerContext;
