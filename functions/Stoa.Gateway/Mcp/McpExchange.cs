using Microsoft.AspNetCore.Http;
using Stoa.Gateway.Doors;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Mcp;

/// <summary>One HTTP exchange on the MCP door: who speaks, which revision, and whether the answer may become a stream.</summary>
internal sealed record McpExchange(HttpContext Http, Caller Caller, string Version, bool MayStream)
{
    public bool IsModern => Version == ProtocolVersions.Modern;

    public string TraceId { get; } = Entrance.TraceIdOf(Http);
}
