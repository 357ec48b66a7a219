using System.Text.Json;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Tools.Resilience;
using Stoa.Gateway.Tools.Status;

namespace Stoa.Gateway.Manage;

/// <summary>
/// The status of a tool as the management API shows it: <c>{"phase", "lastCall"?, "lastError"?, "breaker"?, "endpoint"}</c>. The phase is
/// configuration, the rest is what instances have seen of late.
/// </summary>
internal static class StatusReport
{
    public static void Write(Utf8JsonWriter json, Resource tool, ToolStatus status)
    {
        json.WriteStartObject();
        json.WriteString("phase"u8, IsEnabled(tool) ? "Registered"u8 : "Disabled"u8);
        if (status.LastCall is { } call)
        {
            json.WriteStartObject("lastCall"u8);
            json.WriteString("at"u8, call.At);
            json.WriteString("outcome"u8, call.Outcome);
            if (call.Status is { } code)
            {
                json.WriteNumber("status"u8, code);
            }

            json.WriteNumber("durationMs"u8, call.DurationMs);
            json.WriteEndObject();
        }

        if (status.LastError is { } error)
        {
            json.WriteStartObject("lastError"u8);
            json.WriteString("at"u8, error.At);
            json.WriteString("message"u8, error.Message);
            json.WriteEndObject();
        }

        WriteBreaker(json, status.Breaker);
        WriteEndpoint(json, status.Endpoint);
        json.WriteEndObject();
    }

    private static void WriteBreaker(Utf8JsonWriter json, BreakerSeen? breaker)
    {
        json.WriteStartObject("breaker"u8);
        json.WriteString("state"u8, BreakerPhaseNames.NameOf(breaker?.State ?? BreakerPhase.Closed));
        if (breaker?.Until is { } until)
        {
            json.WriteString("until"u8, until);
        }

        json.WriteEndObject();
    }

    // Null: nobody has tried.
    private static void WriteEndpoint(Utf8JsonWriter json, EndpointSeen? endpoint)
    {
        json.WriteStartObject("endpoint"u8);
        if (endpoint is null)
        {
            json.WriteNull("reachable"u8);
        }
        else
        {
            json.WriteBoolean("reachable"u8, endpoint.Reachable);
            json.WriteString("checkedAt"u8, endpoint.CheckedAt);
        }

        json.WriteEndObject();
    }

    private static bool IsEnabled(Resource tool)
    {
        using var spec = JsonDocument.Parse(tool.Spec);
        return !spec.RootElement.TryGetProperty("enabled"u8, out var enabled) || enabled.ValueKind is not JsonValueKind.False;
    }
}
