using Microsoft.AspNetCore.Http;

namespace Stoa.Gateway.Mcp;

/// <summary>
/// Decides, per request, which revision is spoken (2026-07-28, versioning: dual-era servers). A request that shows any sign of the modern
/// revision is held to it and answered with its errors, because a client that sees anything else falls back to an older one.
/// </summary>
internal static class McpEra
{
    public const string VersionHeader = "MCP-Protocol-Version";

    /// <summary>The version, or null and the error to answer with.</summary>
    public static string? Decide(IHeaderDictionary headers, RpcMessage message, out RpcError? error)
    {
        error = null;
        string? header = headers[VersionHeader];
        var isModern = message.MetaVersion is not null
            || message.Method is McpMethod.ServerDiscover
            || (header is not null && !ProtocolVersions.IsLegacy(header));
        if (!isModern)
        {
            return header ?? ProtocolVersions.Assumed;
        }

        if (header is null && message.Kind is RpcKind.Request)
        {
            error = RpcError.HeaderMismatch($"The {VersionHeader} header is missing.");
        }
        else if (header is not null && message.MetaVersion is not null && header != message.MetaVersion)
        {
            error = RpcError.HeaderMismatch($"The {VersionHeader} header says '{header}' and _meta says '{message.MetaVersion}'.");
        }
        else if ((message.MetaVersion ?? header) is { } version && version != ProtocolVersions.Modern)
        {
            error = RpcError.UnsupportedVersion(version);
        }

        return error is null ? ProtocolVersions.Modern : null;
    }

    /// <summary>What else the modern revision asks of a request: mirrored headers, then required <c>_meta</c>. Null when all is well.</summary>
    public static RpcError? CheckModern(IHeaderDictionary headers, RpcMessage message)
    {
        string? method = headers["Mcp-Method"];
        if (method is null || method != message.MethodName)
        {
            return RpcError.HeaderMismatch(method is null
                ? "The Mcp-Method header is missing."
                : $"The Mcp-Method header says '{method}' and the body says '{message.MethodName}'.");
        }

        if (message.Method is McpMethod.ToolsCall && MirroredHeader.Check(headers["Mcp-Name"], "Mcp-Name", message.Name) is { } mismatch)
        {
            return mismatch;
        }

        return message is { MetaVersion: not null, HasClientCapabilities: true }
            ? null
            : RpcError.InvalidMeta("params._meta must carry io.modelcontextprotocol/protocolVersion and io.modelcontextprotocol/clientCapabilities.");
    }
}
