using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Stoa.Gateway.Doors;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Tools;

namespace Stoa.Gateway.Mcp;

/// <summary>
/// The same tools for callers that speak plain REST: list with <c>GET /mcp/v1/tools</c>, call with
/// <c>POST /mcp/v1/tools/{name}/invoke</c> and <c>{"arguments":{...}}</c>. Same corridor, same refusals, HTTP's own status codes.
/// </summary>
internal sealed class ToolsDoor(Entrance entrance, CallPipeline pipeline, ToolTerminal tools, ToolPages pages, TimeProvider time)
{
    public async Task ListAsync(HttpContext http)
    {
        var (caller, refusal) = await entrance.EnterAsync(http, urlTenant: null);
        (ToolPage Page, string? Next)? read = null;
        if (refusal is null)
        {
            var call = NewCall(http, caller!, Operation.ListTools);
            await pipeline.RunAsync(
                call,
                async (call, ct) =>
                {
                    read = await pages.ReadAsync(call, http.Request.Query["cursor"], ct);
                    return Answer.Local;
                },
                http.RequestAborted);
            refusal = call.Refusal;
        }

        if (refusal is not null || read is not { } page)
        {
            await RefusalReply.WriteAsync(http, refusal!);
            return;
        }

        http.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter, JsonWire.WriterOptions);
        json.WriteStartObject();
        json.WritePropertyName("tools"u8);
        json.WriteRawValue(page.Page.ArrayFor(ProtocolVersions.Modern), skipInputValidation: true);
        if (page.Next is not null)
        {
            json.WriteString("nextCursor"u8, page.Next);
        }

        json.WriteEndObject();
    }

    public async Task InvokeAsync(HttpContext http)
    {
        var (caller, refusal) = await entrance.EnterAsync(http, urlTenant: null);
        var options = CallOptions.None;
        if (caller is not null && CallOptionHeaders.Read(http.Request.Headers, out options) is { } unclear)
        {
            refusal = await entrance.RefuseAsync(http, caller, unclear);
        }

        if (refusal is not null)
        {
            await RefusalReply.WriteAsync(http, refusal);
            return;
        }

        (var content, refusal) = await entrance.ReadAsync(http, caller!, McpDoor.MaxBody, McpDoor.BodyAdvice);
        using var body = content;
        if (body is null)
        {
            await RefusalReply.WriteAsync(http, refusal!);
            return;
        }

        using var document = Parse(body.Bytes, out var fault);
        if (document is null)
        {
            await RefusalReply.WriteAsync(http, await entrance.RefuseAsync(http, caller!, fault!));
            return;
        }

        var arguments = document.RootElement.TryGetProperty("arguments"u8, out var given) ? given : McpMethods.NoArguments.RootElement;
        var call = NewCall(http, caller!, Operation.CallTool, (string)http.Request.RouteValues["name"]!, arguments);
        await pipeline.RunAsync(call, tools.For(options), http.RequestAborted);
        if (call.Refusal is { } refused)
        {
            await RefusalReply.WriteAsync(http, refused);
            return;
        }

        using var answer = call.Answer!;
        CallOptionHeaders.Tell(http.Response, call.CacheUse);
        AllowanceHeaders.Tell(http.Response, call.Allowances);
        await WriteAsync(http, answer);
    }

    private Call NewCall(HttpContext http, Caller caller, Operation operation, string target = "", JsonElement arguments = default) => new(caller, operation, "rest")
    {
        TargetName = target,
        Arguments = arguments,
        TraceId = Entrance.TraceIdOf(http),
        Agent = http.Request.Headers.UserAgent,
        StartedAt = time.GetTimestamp(),
    };

    private static JsonDocument? Parse(ReadOnlyMemory<byte> body, out Refusal? fault)
    {
        fault = null;
        try
        {
            if (Utf8.IsValid(body.Span) && !JsonText.HasLoneSurrogate(body.Span))
            {
                var document = JsonDocument.Parse(body.IsEmpty ? "{}"u8.ToArray() : body, McpMethods.Strict);
                if (document.RootElement.ValueKind is JsonValueKind.Object
                    && (document.RootElement.TryGetProperty("arguments"u8, out var arguments)
                        ? arguments.ValueKind is JsonValueKind.Object
                        : !document.RootElement.EnumerateObject().Any()))
                {
                    return document;
                }

                document.Dispose();
                fault = new(RefusalKind.MalformedRequest, "The body must be {\"arguments\": {...}}, or empty for none.");
                return null;
            }
        }
        catch (JsonException)
        {
            // Answered below, with the other ways to be malformed.
        }

        fault = new(RefusalKind.MalformedBody, "The body is not valid JSON in UTF-8, or holds the same key twice.");
        return null;
    }

    // A tool that failed upstream was still called: 200 with isError, never a status that looks like the gateway's own.
    private static async Task WriteAsync(HttpContext http, Answer answer)
    {
        http.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter, JsonWire.WriterOptions);
        json.WriteStartObject();
        json.WritePropertyName("result"u8);
        switch (answer.Form)
        {
            case AnswerForm.JsonObject or AnswerForm.JsonValue:
                json.WriteRawValue(answer.Body.Span, skipInputValidation: true);
                break;
            case AnswerForm.Image or AnswerForm.Audio:
                json.WriteStartObject();
                json.WriteString("mimeType"u8, answer.MediaType);
                json.WriteBase64String("data"u8, answer.Body.Span);
                json.WriteEndObject();
                break;
            default:
                json.WriteStringValue(answer.Body.Span);
                break;
        }

        json.WriteBoolean("isError"u8, answer.IsError);
        if (answer.Remark is { } remark)
        {
            json.WriteString("note"u8, remark);
        }

        json.WriteEndObject();
    }
}
