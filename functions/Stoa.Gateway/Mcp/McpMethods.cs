using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Stoa.Gateway.Doors;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Quotas;
using Stoa.Gateway.Tools;

namespace Stoa.Gateway.Mcp;

/// <summary>Turns each request into a call through the corridor and its outcome into a reply. Writes no HTTP.</summary>
internal sealed class McpMethods(Entrance entrance, CallPipeline pipeline, ToolTerminal tools, ToolPages pages, TimeProvider time)
{
    public static readonly JsonDocument NoArguments = JsonDocument.Parse("{}");
    public static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = RpcReader.MaxDepth };
    private static readonly Terminal Local = (_, _) => new(Answer.Local);

    public ValueTask<RpcReply> DispatchAsync(McpExchange exchange, RpcMessage message, CancellationToken ct) => message.Method switch
    {
        McpMethod.ToolsCall => CallToolAsync(exchange, message, ct),
        McpMethod.ToolsList => ListToolsAsync(exchange, message, ct),
        McpMethod.ServerDiscover => AnswerAsync(exchange, static _ => new DiscoverResult(), message, ct),
        McpMethod.Initialize when !exchange.IsModern => AnswerAsync(exchange, static m => new InitializeResult(ProtocolVersions.Negotiate(m.RequestedVersion)), message, ct),
        McpMethod.Ping when !exchange.IsModern => AnswerAsync(exchange, static _ => new EmptyResult(), message, ct),
        _ => FaultAsync(exchange.Http, exchange.Caller, RpcError.MethodNotFound(message.MethodName, exchange.IsModern)),
    };

    /// <summary>What is malformed becomes no call, and is on record as that. The reply says so, or that it cannot be recorded.</summary>
    public async ValueTask<RpcReply> FaultAsync(HttpContext http, Caller caller, RpcReply fault)
    {
        var refusal = await entrance.RefuseAsync(http, caller, new(RefusalKind.MalformedRequest, ""));
        return refusal.Kind is RefusalKind.AuditUnavailable ? RpcError.Of(refusal, Entrance.TraceIdOf(http)) : fault;
    }

    private async ValueTask<RpcReply> CallToolAsync(McpExchange exchange, RpcMessage message, CancellationToken ct)
    {
        if (message.Name is not { Length: > 0 } name)
        {
            return await FaultAsync(exchange.Http, exchange.Caller, RpcError.InvalidParams("tools/call needs params.name."));
        }

        if (ParseArguments(message, out var fault) is not { } arguments)
        {
            return await FaultAsync(exchange.Http, exchange.Caller, RpcError.InvalidParams(fault));
        }

        using var owned = ReferenceEquals(arguments, NoArguments) ? null : arguments;
        if (exchange.IsModern && CheckMirrored(exchange, name, arguments.RootElement) is { } mismatch)
        {
            return await FaultAsync(exchange.Http, exchange.Caller, mismatch);
        }

        if (CallOptionHeaders.Read(exchange.Http.Request.Headers, out var options) is { } unclear)
        {
            return await FaultAsync(exchange.Http, exchange.Caller, ReplyTo(unclear, exchange));
        }

        var call = new Call(exchange.Caller, Operation.CallTool, "mcp")
        {
            TargetName = name,
            Arguments = arguments.RootElement,
            TraceId = exchange.TraceId,
            Agent = exchange.Http.Request.Headers.UserAgent,
            Protocol = exchange.Version,
            StartedAt = time.GetTimestamp(),
        };
        await pipeline.RunAsync(call, tools.For(options), ct);
        return call.Refusal is { } refusal ? ReplyTo(refusal, exchange) : new ToolCallResult(call.Answer!, exchange.Version) { CacheUse = call.CacheUse, Allowances = call.Allowances };
    }

    private async ValueTask<RpcReply> ListToolsAsync(McpExchange exchange, RpcMessage message, CancellationToken ct)
    {
        (ToolPage Page, string? Next)? read = null;
        var refusal = await RunLocalAsync(
            exchange,
            Operation.ListTools,
            async (call, token) =>
            {
                read = await pages.ReadAsync(call, message.Cursor, token);
                return Answer.Local;
            },
            ct);
        return refusal is { Kind: RefusalKind.MalformedRequest } ? RpcError.InvalidParams(refusal.Message)
            : refusal is not null ? ReplyTo(refusal, exchange)
            : new ToolsListResult(read!.Value.Page, read.Value.Next, exchange.Version);
    }

    private async ValueTask<RpcReply> AnswerAsync(McpExchange exchange, Func<RpcMessage, RpcReply> answer, RpcMessage message, CancellationToken ct) =>
        await RunLocalAsync(exchange, Operation.Discover, Local, ct) is { } refusal ? ReplyTo(refusal, exchange) : answer(message);

    private async ValueTask<Refusal?> RunLocalAsync(McpExchange exchange, Operation operation, Terminal work, CancellationToken ct)
    {
        var call = new Call(exchange.Caller, operation, "mcp") { TraceId = exchange.TraceId, Agent = exchange.Http.Request.Headers.UserAgent, Protocol = exchange.Version, StartedAt = time.GetTimestamp() };
        await pipeline.RunAsync(call, work, ct);
        return call.Refusal;
    }

    private static RpcReply ReplyTo(Refusal refusal, McpExchange exchange) =>
        refusal.Kind is RefusalKind.InvalidArguments && ProtocolVersions.ReportsArgumentsToModel(exchange.Version)
            ? ToolCallResult.OfInvalidArguments(refusal, exchange.Version)
            : RpcError.Of(refusal, exchange.TraceId);

    // A tool that the caller may not see is not consulted, or its headers would give it away.
    private static RpcError? CheckMirrored(McpExchange exchange, string name, JsonElement arguments)
    {
        if (exchange.Caller.Revision is not { } revision || !PlanView.ToolsOf(exchange.Caller).Allows(name) || ToolListing.Of(revision).Find(name) is not { } entry)
        {
            return null;
        }

        foreach (var parameter in entry.Mirrored)
        {
            if (parameter.Check(exchange.Http.Request.Headers, arguments) is { } mismatch)
            {
                return mismatch;
            }
        }

        return null;
    }

    private static JsonDocument? ParseArguments(RpcMessage message, out string fault)
    {
        fault = "";
        if (message.Arguments.IsEmpty)
        {
            return NoArguments;
        }

        try
        {
            var document = JsonDocument.Parse(message.Arguments, Strict);
            if (document.RootElement.ValueKind is JsonValueKind.Object)
            {
                return document;
            }

            document.Dispose();
            fault = "params.arguments must be an object.";
        }
        catch (JsonException)
        {
            // Well-formed JSON was established before; what is left is a repeated key.
            fault = "params.arguments holds an object with the same key twice.";
        }

        return null;
    }
}
