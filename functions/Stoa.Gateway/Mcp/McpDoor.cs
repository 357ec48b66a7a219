using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Stoa.Gateway.Doors;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Mcp;

/// <summary>
/// MCP over streamable HTTP: every revision on one URL, without sessions. One POST in, one answer out; plain JSON unless the work takes
/// long enough to show progress.
/// </summary>
internal sealed class McpDoor
{
    /// <summary>Bytes of one request body.</summary>
    public const int MaxBody = 4 * 1024 * 1024;

    /// <summary>What to do about one that has more.</summary>
    public const string BodyAdvice = "Pass large contents by URL.";

    private static readonly TimeSpan PatienceWithProgress = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PatienceWithout = TimeSpan.FromSeconds(10);

    private readonly Entrance _entrance;
    private readonly McpMethods _methods;
    private readonly InFlightCalls _inFlight = new();
    private readonly TimeProvider _time;

    internal McpDoor(Entrance entrance, McpMethods methods, TimeProvider time) => (_entrance, _methods, _time) = (entrance, methods, time);

    public async Task HandleAsync(HttpContext http, string? urlTenant)
    {
        if (McpMedia.AsksForWebSocket(http.Request))
        {
            await RefuseAsync(http, await _entrance.RefuseAsync(http, caller: null, new(RefusalKind.WebSocketUnsupported, "MCP is served over streamable HTTP: POST JSON-RPC to this URL.")));
            return;
        }

        if (!HttpMethods.IsPost(http.Request.Method))
        {
            // No session to end, no stream to open (2026-07-28, earlier streamable HTTP revisions).
            await RefuseAsync(http, await _entrance.RefuseAsync(http, caller: null, new(RefusalKind.MethodNotAllowed, "POST JSON-RPC messages to this URL.") { Allow = "POST" }));
            return;
        }

        var (caller, refusal) = await _entrance.EnterAsync(http, urlTenant);
        if (caller is not null && McpMedia.Check(http.Request) is { } media)
        {
            refusal = await _entrance.RefuseAsync(http, caller, media);
        }

        if (refusal is not null)
        {
            await RefuseAsync(http, refusal);
            return;
        }

        (var content, refusal) = await _entrance.ReadAsync(http, caller!, MaxBody, BodyAdvice);
        using var body = content;
        if (body is null)
        {
            await RefuseAsync(http, refusal!);
            return;
        }

        if (RpcReader.Read(body.Bytes, out var isBatch, out var fault) is not { } messages)
        {
            await FaultAsync(http, caller!, RpcError.Parse(fault), default);
        }
        else if (isBatch)
        {
            await HandleBatchAsync(http, caller!, messages);
        }
        else
        {
            await HandleOneAsync(http, caller!, messages[0]);
        }
    }

    private async Task HandleOneAsync(HttpContext http, Caller caller, RpcMessage message)
    {
        var headers = http.Request.Headers;
        if (message.Kind is RpcKind.Invalid)
        {
            await FaultAsync(http, caller, RpcError.InvalidRequest(message.Fault!), message.Id);
            return;
        }

        var version = McpEra.Decide(headers, message, out var error);
        if (version == ProtocolVersions.Modern && message.Kind is RpcKind.Request)
        {
            error = McpEra.CheckModern(headers, message);
        }

        if (version is null || error is not null)
        {
            await FaultAsync(http, caller, error!, message.Id);
            return;
        }

        var exchange = new McpExchange(http, caller, version, McpMedia.AcceptsStream(http.Request));
        if (message.Kind is RpcKind.Request)
        {
            await AnswerAsync(exchange, message);
            return;
        }

        Take(exchange, message);
        http.Response.StatusCode = StatusCodes.Status202Accepted;
    }

    // 2025-03-26 alone: "implementations MUST support receiving JSON-RPC batches".
    private async Task HandleBatchAsync(HttpContext http, Caller caller, IReadOnlyList<RpcMessage> messages)
    {
        var version = (string?)http.Request.Headers[McpEra.VersionHeader] ?? ProtocolVersions.Assumed;
        if (!ProtocolVersions.HasBatches(version) || messages.Count is 0 or > RpcReader.MaxBatch)
        {
            await FaultAsync(http, caller, RpcError.InvalidRequest($"A batch must hold 1 to {RpcReader.MaxBatch} messages, and only revision 2025-03-26 has batches."), default);
            return;
        }

        var exchange = new McpExchange(http, caller, version, MayStream: false);
        http.Response.ContentType = "application/json";
        Utf8JsonWriter? json = null;
        foreach (var message in messages)
        {
            using var reply = message switch
            {
                { Kind: RpcKind.Invalid } => await _methods.FaultAsync(http, caller, RpcError.InvalidRequest(message.Fault!)),
                { Kind: RpcKind.Request, Method: McpMethod.Initialize } => await _methods.FaultAsync(http, caller, RpcError.InvalidRequest("initialize must not be part of a batch.")),
                { Kind: RpcKind.Request } => await CancellableAsync(exchange, message),
                _ => null,
            };
            if (reply is not null)
            {
                if (json is null)
                {
                    json = new Utf8JsonWriter(http.Response.BodyWriter, JsonWire.WriterOptions);
                    json.WriteStartArray();
                }

                reply.Write(json, message.Id);
                json.Flush();

                // Fifty answers must not gather here for a client that does not read. No token: a disconnect does not cancel the rest.
                await http.Response.BodyWriter.FlushAsync(CancellationToken.None);
            }
            else
            {
                Take(exchange, message);
            }
        }

        if (json is null)
        {
            http.Response.ContentType = null;
            http.Response.StatusCode = StatusCodes.Status202Accepted;
            return;
        }

        json.WriteEndArray();
        await json.DisposeAsync();
    }

    private async Task AnswerAsync(McpExchange exchange, RpcMessage message)
    {
        var http = exchange.Http;
        var work = CancellableAsync(exchange, message);
        RpcReply? reply;
        if (!exchange.MayStream || message.Method is not McpMethod.ToolsCall || await CompletesSoonAsync(work, message))
        {
            reply = await work;
            if (reply is null)
            {
                http.Response.StatusCode = StatusCodes.Status202Accepted;
                return;
            }

            await WriteAsync(http, reply, message.Id);
            return;
        }

        await StreamAsync(exchange, message, work);
    }

    /// <summary>The reply, or null when the client cancelled and so gets none.</summary>
    private async Task<RpcReply?> CancellableAsync(McpExchange exchange, RpcMessage message)
    {
        using var registration = exchange.IsModern ? null : _inFlight.Enter(exchange.Caller, message.Id);
        try
        {
            return await _methods.DispatchAsync(exchange, message, registration?.Source.Token ?? exchange.Http.RequestAborted);
        }
        catch (OperationCanceledException) when (exchange.Http.RequestAborted.IsCancellationRequested || registration?.Source.IsCancellationRequested is true)
        {
            return null;
        }
    }

    private async Task<bool> CompletesSoonAsync(Task<RpcReply?> work, RpcMessage message)
    {
        if (!work.IsCompleted)
        {
            try
            {
                await work.WaitAsync(message.ProgressToken.IsEmpty ? PatienceWithout : PatienceWithProgress, _time);
            }
            catch (TimeoutException)
            {
                // The work may have ended between the timer and here; if it failed with this very exception, awaiting it says so.
                return work.IsCompleted;
            }
        }

        return true;
    }

    private async Task StreamAsync(McpExchange exchange, RpcMessage message, Task<RpcReply?> work)
    {
        var stream = new ReplyStream(exchange.Http);
        var gone = exchange.Http.RequestAborted;
        var startedAt = _time.GetTimestamp();
        try
        {
            await stream.OpenAsync(gone);
            var interval = message.ProgressToken.IsEmpty ? ReplyStream.Heartbeat : PatienceWithProgress;
            using var ticks = new PeriodicTimer(interval, _time);
            for (long seconds = 1; !work.IsCompleted && !gone.IsCancellationRequested; seconds++)
            {
                if (!message.ProgressToken.IsEmpty)
                {
                    await stream.ProgressAsync(message.ProgressToken, seconds, gone);
                }
                else if (_time.GetElapsedTime(startedAt) >= ReplyStream.Heartbeat)
                {
                    await stream.BeatAsync(gone);
                }

                await Task.WhenAny(work, ticks.WaitForNextTickAsync(gone).AsTask());
            }
        }
        catch (OperationCanceledException) when (gone.IsCancellationRequested)
        {
            // The client has left; the work is cancelled or runs to its end, as its revision says, and is awaited either way.
        }

        using var reply = await work;
        if (reply is not null && !gone.IsCancellationRequested)
        {
            await stream.ReplyAsync(reply, message.Id, gone);
        }
    }

    private void Take(McpExchange exchange, RpcMessage message)
    {
        if (message is { Method: McpMethod.NotificationsCancelled, CancelledId.IsEmpty: false })
        {
            _inFlight.Cancel(exchange.Caller, message.CancelledId);
        }
    }

    private static async Task WriteAsync(HttpContext http, RpcReply reply, ReadOnlyMemory<byte> id)
    {
        using (reply)
        {
            http.Response.StatusCode = reply.Status;
            if (reply is RpcError { Refusal: { } refusal } && reply.Status != StatusCodes.Status200OK)
            {
                RefusalReply.SetHead(http, refusal);
            }

            CallOptionHeaders.Tell(http.Response, reply.CacheUse);
            AllowanceHeaders.Tell(http.Response, reply.Allowances);
            http.Response.ContentType = "application/json";
            await using var json = new Utf8JsonWriter(http.Response.BodyWriter, JsonWire.WriterOptions);
            reply.Write(json, id);
        }
    }

    private async Task FaultAsync(HttpContext http, Caller caller, RpcError error, ReadOnlyMemory<byte> id) =>
        await WriteAsync(http, await _methods.FaultAsync(http, caller, error), id);

    // Before the body is read there is no id to echo.
    private static Task RefuseAsync(HttpContext http, Refusal refusal) => WriteAsync(http, RpcError.Of(refusal, Entrance.TraceIdOf(http)), default);
}
