using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Doors;

/// <summary>A refusal as REST doors tell it: status, headers, and <c>{"error","message","findings"?,"scope"?,"limit"?,"allowed"?,"quota_reset_at"?,"retry_after_seconds"?,"trace_id"}</c>.</summary>
internal static class RefusalReply
{
    public static async Task WriteAsync(HttpContext http, Refusal refusal)
    {
        var codes = SetHead(http, refusal);
        http.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter, JsonWire.WriterOptions);
        json.WriteStartObject();
        json.WriteString("error"u8, codes.Name);
        json.WriteString("message"u8, refusal.Message);
        WriteFindings(json, refusal);
        WriteExceeded(json, refusal);
        if (refusal.RetryAfter is { } wait)
        {
            json.WriteNumber("retry_after_seconds"u8, Seconds(wait));
        }

        json.WriteString("trace_id"u8, Entrance.TraceIdOf(http));
        json.WriteEndObject();
    }

    /// <summary>Sets status and headers, whatever the body's shape will be.</summary>
    public static RefusalCodes SetHead(HttpContext http, Refusal refusal)
    {
        var codes = RefusalMap.Of(refusal.Kind);
        var response = http.Response;
        response.StatusCode = codes.Http;
        response.Headers.CacheControl = "no-store";
        if (refusal.RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = Seconds(wait).ToString(CultureInfo.InvariantCulture);
        }

        AllowanceHeaders.Tell(response, refusal.Allowances);
        if (refusal.Allow is not null)
        {
            response.Headers.Allow = refusal.Allow;
        }

        if (Challenge(refusal, codes) is { } challenge)
        {
            response.Headers[HeaderNames.WWWAuthenticate] = challenge;
        }

        return codes;
    }

    /// <summary>Writes <c>"findings":[...]</c> when there are any.</summary>
    public static void WriteFindings(Utf8JsonWriter json, Refusal refusal)
    {
        if (refusal.Findings.Count == 0)
        {
            return;
        }

        json.WriteStartArray("findings"u8);
        foreach (var finding in refusal.Findings)
        {
            json.WriteStringValue(finding);
        }

        json.WriteEndArray();
    }

    /// <summary>Writes which limit was met, when it was one: <c>"scope", "limit", "allowed", "quota_reset_at"?</c>.</summary>
    public static void WriteExceeded(Utf8JsonWriter json, Refusal refusal)
    {
        if (refusal.Exceeded is not { } exceeded)
        {
            return;
        }

        json.WriteString("scope"u8, exceeded.Scope);
        json.WriteString("limit"u8, exceeded.Limit);
        json.WriteNumber("allowed"u8, exceeded.Allowed);
        if (exceeded.ResetAt is { } at)
        {
            json.WriteString("quota_reset_at"u8, at.UtcDateTime);
        }
    }

    public static long Seconds(TimeSpan wait) => Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds));

    // RFC 6750 §3: no error code when no credential came; §3.1 for the rest.
    private static string? Challenge(Refusal refusal, RefusalCodes codes) => refusal.Kind switch
    {
        RefusalKind.MissingCredential => "Bearer realm=\"stoa\"",
        RefusalKind.InsufficientScope => $"Bearer realm=\"stoa\", error=\"insufficient_scope\", scope=\"{ScopeNames.NameOf(refusal.RequiredScope)}\"",
        _ when codes.Http == StatusCodes.Status401Unauthorized => $"Bearer realm=\"stoa\", error=\"{codes.OAuth}\"",
        _ => null,
    };
}
