using System.Text.Json;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Mcp;

/// <summary>A JSON-RPC error reply (JSON-RPC 2.0 §5.1).</summary>
internal sealed class RpcError : RpcReply
{
    private readonly int _code;
    private readonly string _message;
    private readonly Action<Utf8JsonWriter>? _data;

    private RpcError(int status, int code, string message, Action<Utf8JsonWriter>? data = null) =>
        (Status, _code, _message, _data) = (status, code, message, data);

    public override int Status { get; }

    /// <summary>The refusal behind the error, when there is one: its headers go out with it.</summary>
    public Refusal? Refusal { get; private init; }

    public static RpcError Parse(string fault) => new(400, RpcCode.ParseError, fault);

    public static RpcError InvalidRequest(string fault) => new(400, RpcCode.InvalidRequest, fault);

    /// <summary>404 in the modern revision, so that the body tells it from a missing endpoint; 200 before.</summary>
    public static RpcError MethodNotFound(string method, bool isModern) =>
        new(isModern ? 404 : 200, RpcCode.MethodNotFound, $"Method not found: {JsonText.Shorten(method, 100)}");

    public static RpcError InvalidParams(string fault) => new(200, RpcCode.InvalidParams, fault);

    public static RpcError InvalidMeta(string fault) => new(400, RpcCode.InvalidParams, fault);

    public static RpcError HeaderMismatch(string fault) => new(400, RpcCode.HeaderMismatch, $"Header mismatch: {fault}");

    public static RpcError UnsupportedVersion(string requested) => new(400, RpcCode.UnsupportedProtocolVersion, "Unsupported protocol version", json =>
    {
        json.WriteStartArray("supported"u8);
        json.WriteStringValue(ProtocolVersions.Modern);
        json.WriteEndArray();
        json.WriteString("requested"u8, JsonText.Shorten(requested, 100));
    });

    public static RpcError Of(Refusal refusal, string traceId)
    {
        var codes = RefusalMap.Of(refusal.Kind);

        // What is wrong with a well-formed tools/call is an ordinary JSON-RPC error, on HTTP 200 in every revision.
        var status = refusal.Kind is RefusalKind.UnknownTool or RefusalKind.InvalidArguments ? 200 : codes.Http;
        return new(status, codes.Rpc, refusal.Message, json =>
        {
            json.WriteString("error"u8, codes.Name);
            Doors.RefusalReply.WriteFindings(json, refusal);
            if (refusal.Exceeded is not null)
            {
                Doors.RefusalReply.WriteExceeded(json, refusal);
                if (refusal.RetryAfter is { } wait)
                {
                    json.WriteNumber("retry_after_seconds"u8, Doors.RefusalReply.Seconds(wait));
                }
            }

            json.WriteString("trace_id"u8, traceId);
        })
        {
            Refusal = refusal,
        };
    }

    protected override void WriteBody(Utf8JsonWriter json)
    {
        json.WriteStartObject("error"u8);
        json.WriteNumber("code"u8, _code);
        json.WriteString("message"u8, _message);
        if (_data is not null)
        {
            json.WriteStartObject("data"u8);
            _data(json);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
