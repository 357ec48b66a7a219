using Microsoft.AspNetCore.Http;
using Stoa.Gateway.Doors;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Models;
using Stoa.Gateway.Models.Requests;

namespace Stoa.Gateway.LlmProxy;

/// <summary>
/// Calls of models, by whichever wire: chat completions, responses, embeddings, messages and the count of their tokens. On Azure-style URLs
/// the deployment is the model and the body's own <c>model</c> says nothing.
/// </summary>
internal sealed class ModelCallDoor(Entrance entrance, CallPipeline pipeline, ModelTerminal models, TimeProvider time)
{
    /// <summary>Of a request's body, pictures included.</summary>
    public const int MaxBody = 20 * 1024 * 1024;

    public Task CallAsync(HttpContext http, Wire wire) => RunAsync(http, wire, Operation.CallModel);

    public Task CountAsync(HttpContext http) => RunAsync(http, Wire.Messages, Operation.CountTokens);

    private async Task RunAsync(HttpContext http, Wire wire, Operation operation)
    {
        var shape = wire is Wire.Messages ? ErrorShape.Anthropic : ErrorShape.OpenAI;
        var (caller, refusal) = await entrance.EnterAsync(http, urlTenant: null);
        if (refusal is not null)
        {
            await ErrorReply.WriteAsync(http, shape, refusal);
            return;
        }

        (var content, refusal) = await entrance.ReadAsync(http, caller!, MaxBody, "Send large files by URL.");
        using var body = content;
        if (body is null)
        {
            await ErrorReply.WriteAsync(http, shape, refusal!);
            return;
        }

        var reading = ModelRequestReader.Read(wire, body.Bytes, (string?)http.Request.RouteValues["deployment"]);
        if (reading.Request is not { } request)
        {
            refusal = await entrance.RefuseAsync(http, caller, reading.Refusal!);
            await ErrorReply.WriteAsync(http, shape, refusal, ReferenceEquals(refusal, reading.Refusal) ? reading.Param : null);
            return;
        }

        ModelCall? call = null;
        var reply = new ModelReply(http.Response.BodyWriter, () => Begin(http, shape, call!));
        call = new ModelCall(caller!, operation, "llm", request, reply)
        {
            TargetName = request.Model,
            TraceId = Entrance.TraceIdOf(http),
            Agent = http.Request.Headers.UserAgent,
            StartedAt = time.GetTimestamp(),
            Header = name => http.Request.Headers[name],
        };
        await pipeline.RunAsync(call, models.RunAsync, http.RequestAborted);
        using var answer = call.Answer;
        if (!reply.HasBegun)
        {
            await WriteAsync(http, shape, call);
        }
    }

    private static void Begin(HttpContext http, ErrorShape shape, ModelCall call)
    {
        var response = http.Response;
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        CallHeaders.Tell(http, shape, call);
    }

    private static async Task WriteAsync(HttpContext http, ErrorShape shape, ModelCall call)
    {
        CallHeaders.Tell(http, shape, call);
        if (call.Refusal is { } refused)
        {
            await ErrorReply.WriteAsync(http, shape, refused);
        }
        else if (call.Failure is { } failure)
        {
            await ErrorReply.WriteAsync(http, shape, failure);
        }
        else
        {
            var body = call.Answer!.Body;
            http.Response.ContentType = "application/json";
            http.Response.ContentLength = body.Length;
            http.Response.Headers.CacheControl = "no-store";
            await http.Response.BodyWriter.WriteAsync(body, http.RequestAborted);
        }
    }
}
