using System.Text.Json;

namespace Stoa.Gateway.Mcp;

/// <summary>Reads one JSON-RPC message from where the reader stands and leaves the reader at its end.</summary>
internal static class RpcMessageReader
{
    [Flags]
    private enum Seen
    {
        None = 0,
        JsonRpc = 1 << 0,
        Id = 1 << 1,
        Method = 1 << 2,
        Params = 1 << 3,
        Result = 1 << 4,
        Name = 1 << 5,
        Arguments = 1 << 6,
        Cursor = 1 << 7,
        Meta = 1 << 8,
        Version = 1 << 9,
        RequestId = 1 << 10,
        MetaVersion = 1 << 11,
        MetaCapabilities = 1 << 12,
        MetaProgress = 1 << 13,
        Error = 1 << 14,
    }

    public static RpcMessage Read(ReadOnlyMemory<byte> body, ref Utf8JsonReader json)
    {
        var message = new RpcMessage();
        if (json.TokenType is not JsonTokenType.StartObject)
        {
            json.Skip();
            message.Fault = "A message must be a JSON object.";
            return message;
        }

        var seen = Seen.None;
        while (json.Read() && json.TokenType is JsonTokenType.PropertyName)
        {
            ReadMember(body, ref json, message, ref seen);
        }

        Classify(message, seen);
        return message;
    }

    private static void ReadMember(ReadOnlyMemory<byte> body, ref Utf8JsonReader json, RpcMessage message, ref Seen seen)
    {
        if (json.ValueTextEquals("jsonrpc"u8))
        {
            Mark(message, ref seen, Seen.JsonRpc, "jsonrpc");
            json.Read();
            if (json.TokenType is not JsonTokenType.String || !json.ValueTextEquals("2.0"u8))
            {
                message.Fault ??= "\"jsonrpc\" must be \"2.0\".";
            }

            json.Skip();
        }
        else if (json.ValueTextEquals("id"u8))
        {
            Mark(message, ref seen, Seen.Id, "id");
            json.Read();
            ReadId(body, ref json, message);
        }
        else if (json.ValueTextEquals("method"u8))
        {
            Mark(message, ref seen, Seen.Method, "method");
            json.Read();
            ReadMethod(ref json, message);
        }
        else if (json.ValueTextEquals("params"u8))
        {
            Mark(message, ref seen, Seen.Params, "params");
            json.Read();
            ReadParams(body, ref json, message, ref seen);
        }
        else
        {
            if (json.ValueTextEquals("result"u8))
            {
                Mark(message, ref seen, Seen.Result, "result");
            }
            else if (json.ValueTextEquals("error"u8))
            {
                Mark(message, ref seen, Seen.Error, "error");
            }

            json.Read();
            json.Skip();
        }
    }

    // MCP, requests: the id is a string or an integer, and unlike in JSON-RPC never null.
    private static void ReadId(ReadOnlyMemory<byte> body, ref Utf8JsonReader json, RpcMessage message)
    {
        var raw = RawValue(body, ref json);
        var isId = json.TokenType is JsonTokenType.String || (json.TokenType is JsonTokenType.Number && raw.Span.IndexOfAny(".eE"u8) < 0 && raw.Length <= 20);
        if (isId && raw.Length <= 256)
        {
            message.Id = raw;
        }
        else
        {
            message.Fault ??= "\"id\" must be a string or an integer.";
        }
    }

    private static void ReadMethod(ref Utf8JsonReader json, RpcMessage message)
    {
        if (json.TokenType is not JsonTokenType.String)
        {
            json.Skip();
            message.Fault ??= "\"method\" must be a string.";
            return;
        }

        (message.Method, message.MethodName) = json.ValueTextEquals("tools/call"u8) ? (McpMethod.ToolsCall, "tools/call")
            : json.ValueTextEquals("tools/list"u8) ? (McpMethod.ToolsList, "tools/list")
            : json.ValueTextEquals("server/discover"u8) ? (McpMethod.ServerDiscover, "server/discover")
            : json.ValueTextEquals("initialize"u8) ? (McpMethod.Initialize, "initialize")
            : json.ValueTextEquals("ping"u8) ? (McpMethod.Ping, "ping")
            : json.ValueTextEquals("notifications/cancelled"u8) ? (McpMethod.NotificationsCancelled, "notifications/cancelled")
            : (McpMethod.Other, json.GetString()!);
    }

    private static void ReadParams(ReadOnlyMemory<byte> body, ref Utf8JsonReader json, RpcMessage message, ref Seen seen)
    {
        if (json.TokenType is not JsonTokenType.StartObject)
        {
            json.Skip();
            message.Fault ??= "\"params\" must be an object.";
            return;
        }

        while (json.Read() && json.TokenType is JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("name"u8))
            {
                message.Name = ReadString(ref json, message, ref seen, Seen.Name, "params.name");
            }
            else if (json.ValueTextEquals("cursor"u8))
            {
                message.Cursor = ReadString(ref json, message, ref seen, Seen.Cursor, "params.cursor");
            }
            else if (json.ValueTextEquals("protocolVersion"u8))
            {
                message.RequestedVersion = ReadString(ref json, message, ref seen, Seen.Version, "params.protocolVersion");
            }
            else if (json.ValueTextEquals("arguments"u8))
            {
                Mark(message, ref seen, Seen.Arguments, "params.arguments");
                json.Read();
                message.Arguments = RawValue(body, ref json);
            }
            else if (json.ValueTextEquals("requestId"u8))
            {
                Mark(message, ref seen, Seen.RequestId, "params.requestId");
                json.Read();
                message.CancelledId = RawValue(body, ref json);
            }
            else if (json.ValueTextEquals("_meta"u8))
            {
                Mark(message, ref seen, Seen.Meta, "params._meta");
                json.Read();
                ReadMeta(body, ref json, message, ref seen);
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }
    }

    private static void ReadMeta(ReadOnlyMemory<byte> body, ref Utf8JsonReader json, RpcMessage message, ref Seen seen)
    {
        if (json.TokenType is not JsonTokenType.StartObject)
        {
            json.Skip();
            message.Fault ??= "\"_meta\" must be an object.";
            return;
        }

        while (json.Read() && json.TokenType is JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("io.modelcontextprotocol/protocolVersion"u8))
            {
                message.MetaVersion = ReadString(ref json, message, ref seen, Seen.MetaVersion, "_meta protocolVersion");
            }
            else if (json.ValueTextEquals("io.modelcontextprotocol/clientCapabilities"u8))
            {
                Mark(message, ref seen, Seen.MetaCapabilities, "_meta clientCapabilities");
                json.Read();
                message.HasClientCapabilities = json.TokenType is JsonTokenType.StartObject;
                json.Skip();
            }
            else if (json.ValueTextEquals("progressToken"u8))
            {
                Mark(message, ref seen, Seen.MetaProgress, "_meta progressToken");
                json.Read();
                var raw = RawValue(body, ref json);
                message.ProgressToken = json.TokenType is JsonTokenType.String or JsonTokenType.Number && raw.Length <= 256 ? raw : default;
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }
    }

    private static string? ReadString(ref Utf8JsonReader json, RpcMessage message, ref Seen seen, Seen member, string name)
    {
        Mark(message, ref seen, member, name);
        json.Read();
        if (json.TokenType is JsonTokenType.String)
        {
            return json.GetString();
        }

        json.Skip();
        message.Fault ??= $"\"{name}\" must be a string.";
        return null;
    }

    private static ReadOnlyMemory<byte> RawValue(ReadOnlyMemory<byte> body, ref Utf8JsonReader json)
    {
        var start = (int)json.TokenStartIndex;
        json.Skip();
        return body[start..(int)json.BytesConsumed];
    }

    private static void Mark(RpcMessage message, ref Seen seen, Seen member, string name)
    {
        if ((seen & member) != 0)
        {
            message.Fault ??= $"\"{name}\" appears twice.";
        }

        seen |= member;
    }

    private static void Classify(RpcMessage message, Seen seen)
    {
        if ((seen & Seen.JsonRpc) == 0)
        {
            message.Fault ??= "\"jsonrpc\": \"2.0\" is missing.";
        }

        // Exactly one of the three says what a message is (JSON-RPC 2.0 §4, §5); with two, readers would differ.
        message.Fault ??= (seen & (Seen.Method | Seen.Result | Seen.Error)) switch
        {
            Seen.None => "\"method\" is missing.",
            Seen.Result when (seen & Seen.Id) == 0 => "A response needs the \"id\" of its request.",
            Seen.Method or Seen.Result or Seen.Error => null,
            _ => "A message holds one of \"method\", \"result\" and \"error\".",
        };

        message.Kind = message.Fault is not null ? RpcKind.Invalid
            : (seen & Seen.Method) == 0 ? RpcKind.Response
            : (seen & Seen.Id) == 0 ? RpcKind.Notification
            : RpcKind.Request;
    }
}
