using System.Text.Json;
using Stoa.Gateway.Tools.Trials;

namespace Stoa.Gateway.Manage;

/// <summary>
/// Answer of a tool's test: <c>{"tool", "sent", "attempts", "request"?, "response"?, "result"?, "isError"?, "remark"?, "findings", "error"?,
/// "timing": {"totalMs", "upstreamMs", "mappingMs", "attempts"}}</c>. The request is the first that was or would be sent, the response the last that came.
/// </summary>
internal static class TrialReport
{
    public static void Write(Utf8JsonWriter json, string tool, TrialOutcome outcome)
    {
        var trial = outcome.Trial;
        json.WriteStartObject();
        json.WriteString("tool"u8, tool);
        json.WriteBoolean("sent"u8, trial.Attempts.Count > 0);
        json.WriteNumber("attempts"u8, trial.Attempts.Count);
        if (trial.Request is { } request)
        {
            json.WriteStartObject("request"u8);
            json.WriteString("method"u8, request.Method);
            json.WriteString("url"u8, request.Url);
            WriteHeaders(json, request.Headers);
            WriteBody(json, "body"u8, request.Body);
            json.WriteEndObject();
        }

        if (trial.Response is { } response)
        {
            json.WriteStartObject("response"u8);
            json.WriteNumber("status"u8, response.Status);
            WriteHeaders(json, response.Headers);
            WriteBody(json, "body"u8, response.Body);
            json.WriteBoolean("truncated"u8, response.Body.IsCut);
            json.WriteEndObject();
        }

        if (outcome.Result is { } result)
        {
            WriteBody(json, "result"u8, result.Body);
            json.WriteBoolean("isError"u8, result.IsError);
            if (result.Remark is not null)
            {
                json.WriteString("remark"u8, result.Remark);
            }
        }

        WriteEnd(json, outcome);
        json.WriteEndObject();
    }

    private static void WriteEnd(Utf8JsonWriter json, TrialOutcome outcome)
    {
        json.WriteStartArray("findings"u8);
        foreach (var finding in outcome.Trial.Findings)
        {
            json.WriteStartObject();
            json.WriteString("path"u8, outcome.Trial.Mask.Apply(finding.InstancePath));
            json.WriteString("message"u8, outcome.Trial.Mask.Apply(finding.Message));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (outcome.Error is not null)
        {
            json.WriteString("error"u8, outcome.Error);
        }

        WriteTiming(json, outcome);
    }

    private static void WriteTiming(Utf8JsonWriter json, TrialOutcome outcome)
    {
        var attempts = outcome.Trial.Attempts;
        json.WriteStartObject("timing"u8);
        WriteMilliseconds(json, "totalMs"u8, outcome.Total);
        WriteMilliseconds(json, "upstreamMs"u8, TimeSpan.FromTicks(attempts.Sum(a => a.Elapsed.Ticks)));
        WriteMilliseconds(json, "mappingMs"u8, outcome.Mapping);
        json.WriteStartArray("attempts"u8);
        foreach (var attempt in attempts)
        {
            json.WriteStartObject();
            WriteMilliseconds(json, "waitedMs"u8, attempt.WaitedBefore);
            WriteMilliseconds(json, "elapsedMs"u8, attempt.Elapsed);
            if (attempt.Status is { } status)
            {
                json.WriteNumber("status"u8, status);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteMilliseconds(Utf8JsonWriter json, ReadOnlySpan<byte> name, TimeSpan time) => json.WriteNumber(name, Math.Round(time.TotalMilliseconds, 3));

    private static void WriteHeaders(Utf8JsonWriter json, IReadOnlyList<(string Name, string Value)> headers)
    {
        json.WriteStartObject("headers"u8);
        foreach (var (name, value) in headers)
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
    }

    private static void WriteBody(Utf8JsonWriter json, ReadOnlySpan<byte> name, TrialBody body)
    {
        json.WritePropertyName(name);
        if (body.Json is { } bytes)
        {
            json.WriteRawValue(bytes.Span, skipInputValidation: true);
        }
        else
        {
            json.WriteStringValue(body.Text);
        }
    }
}
