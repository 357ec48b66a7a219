using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Stoa.Gateway.Doors;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Models;

namespace Stoa.Gateway.LlmProxy;

/// <summary>
/// A refusal or a failed model in the error shape of the door's SDKs, with the headers that make them behave: <c>retry-after</c> in whole
/// seconds, <c>retry-after-ms</c>, and <c>x-should-retry: false</c> where repeating cannot help.
/// </summary>
internal static class ErrorReply
{
    // SDKs sleep for as long as they are told, in silence. Whoever has to wait longer is better told at once.
    private static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(60);

    public static async Task WriteAsync(HttpContext http, ErrorShape shape, Refusal refusal, string? param = null)
    {
        RefusalReply.SetHead(http, refusal);
        ModelAllowances.Tell(http.Response, shape, refusal.Allowances);
        var codes = ErrorCodes.Of(refusal.Kind);
        if (refusal is { Kind: RefusalKind.QuotaExceeded, RetryAfter: null })
        {
            // The call alone is larger than the limit.
            codes = codes with { MayPass = false };
        }

        SetHead(http, codes, refusal.RetryAfter);
        var message = refusal.Findings.Count == 0 ? refusal.Message : $"{refusal.Message} {string.Join(' ', refusal.Findings)}";
        await WriteAsync(http, shape, codes, message, param, refusal);
    }

    public static async Task WriteAsync(HttpContext http, ErrorShape shape, ModelFailure failure)
    {
        var codes = ErrorCodes.Of(failure);
        http.Response.Headers.CacheControl = "no-store";
        SetHead(http, codes, failure.RetryAfter);
        await WriteAsync(http, shape, codes, failure.Message, failure.Param, refusal: null);
    }

    private static void SetHead(HttpContext http, ErrorCodes codes, TimeSpan? retryAfter)
    {
        var response = http.Response;
        response.StatusCode = codes.Status;
        CallHeaders.TellIds(http);
        if (retryAfter is { } wait)
        {
            response.Headers.RetryAfter = RefusalReply.Seconds(wait).ToString(CultureInfo.InvariantCulture);
            response.Headers["retry-after-ms"] = Math.Max(1, (long)Math.Ceiling(wait.TotalMilliseconds)).ToString(CultureInfo.InvariantCulture);
        }

        if (!codes.MayPass || retryAfter > LongestSleep)
        {
            response.Headers["x-should-retry"] = "false";
        }
    }

    private static async Task WriteAsync(HttpContext http, ErrorShape shape, ErrorCodes codes, string message, string? param, Refusal? refusal)
    {
        http.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter, JsonWire.WriterOptions);
        json.WriteStartObject();
        if (shape is ErrorShape.Anthropic)
        {
            json.WriteString("type"u8, "error"u8);
            json.WriteStartObject("error"u8);
            json.WriteString("type"u8, codes.AnthropicType);
            json.WriteString("message"u8, message);
            json.WriteEndObject();
            json.WriteString("request_id"u8, Entrance.TraceIdOf(http));
        }
        else
        {
            json.WriteStartObject("error"u8);
            json.WriteString("message"u8, message);
            json.WriteString("type"u8, codes.Type);
            json.WriteString("param"u8, param);
            json.WriteString("code"u8, codes.Code);
            if (refusal is not null)
            {
                RefusalReply.WriteExceeded(json, refusal);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
