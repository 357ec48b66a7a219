namespace Stoa.Gateway.Mcp;

/// <summary>The methods that this gateway serves; everything else is <see cref="Other"/>.</summary>
internal enum McpMethod
{
    Other,
    ServerDiscover,
    Initialize,
    Ping,
    ToolsList,
    ToolsCall,
    NotificationsCancelled,
}
