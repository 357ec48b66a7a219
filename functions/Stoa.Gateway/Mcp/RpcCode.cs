namespace Stoa.Gateway.Mcp;

/// <summary>JSON-RPC 2.0 §5.1 codes and those of MCP 2026-07-28 (basic, error codes).</summary>
internal static class RpcCode
{
    public const int ParseError = -32700;
    public const int InvalidRequest = -32600;
    public const int MethodNotFound = -32601;
    public const int InvalidParams = -32602;
    public const int HeaderMismatch = -32020;
    public const int UnsupportedProtocolVersion = -32022;
}
