using System.Text.Json;

namespace Stoa.Gateway.Mcp;

/// <summary>A JSON-RPC result; the modern revision's members are added here, once.</summary>
internal abstract class McpResult(bool isModern) : RpcReply
{
    private static readonly byte[] ServerInfo = JsonSerializer.SerializeToUtf8Bytes(GatewayInfo.Current, McpJson.Default.GatewayInfo);

    protected bool IsModern => isModern;

    protected override void WriteBody(Utf8JsonWriter json)
    {
        json.WriteStartObject("result"u8);
        if (isModern)
        {
            json.WriteString("resultType"u8, "complete"u8);
        }

        WriteMembers(json);
        if (isModern)
        {
            json.WriteStartObject("_meta"u8);
            WriteServerInfo(json, "io.modelcontextprotocol/serverInfo"u8);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    protected abstract void WriteMembers(Utf8JsonWriter json);

    protected static void WriteServerInfo(Utf8JsonWriter json, ReadOnlySpan<byte> name)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(ServerInfo, skipInputValidation: true);
    }

    protected static void WriteCapabilities(Utf8JsonWriter json)
    {
        json.WriteStartObject("capabilities"u8);
        json.WriteStartObject("tools"u8);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}

/// <summary>The answer to ping.</summary>
internal sealed class EmptyResult() : McpResult(isModern: false)
{
    protected override void WriteMembers(Utf8JsonWriter json)
    {
    }
}

/// <summary>The answer to initialize (2025-11-25, lifecycle). No session id goes with it: gateway tools need none.</summary>
internal sealed class InitializeResult(string version) : McpResult(isModern: false)
{
    protected override void WriteMembers(Utf8JsonWriter json)
    {
        json.WriteString("protocolVersion"u8, version);
        WriteCapabilities(json);
        WriteServerInfo(json, "serverInfo"u8);
    }
}

/// <summary>
/// The answer to server/discover. It names the modern version alone although older ones are served after initialize, since the list is
/// what a client may put into <c>_meta</c>.
/// </summary>
internal sealed class DiscoverResult() : McpResult(isModern: true)
{
    private const int HourMs = 3_600_000;

    protected override void WriteMembers(Utf8JsonWriter json)
    {
        json.WriteStartArray("supportedVersions"u8);
        json.WriteStringValue(ProtocolVersions.Modern);
        json.WriteEndArray();
        WriteCapabilities(json);
        json.WriteNumber("ttlMs"u8, HourMs);
        json.WriteString("cacheScope"u8, "public"u8);
    }
}
