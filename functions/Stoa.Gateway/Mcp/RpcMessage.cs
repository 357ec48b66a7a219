namespace Stoa.Gateway.Mcp;

/// <summary>
/// One JSON-RPC message, read once: slices of the body and the few members that decide what to do with it. What is passed on stays bytes.
/// </summary>
internal sealed class RpcMessage
{
    public RpcKind Kind { get; set; }

    public McpMethod Method { get; set; }

    /// <summary>The method as sent, for headers to be compared with and errors to name.</summary>
    public string MethodName { get; set; } = "";

    /// <summary>The id as raw JSON (a string or an integer), empty when there is none.</summary>
    public ReadOnlyMemory<byte> Id { get; set; }

    /// <summary><c>params.name</c> of tools/call.</summary>
    public string? Name { get; set; }

    /// <summary><c>params.cursor</c> of lists. The empty string is a cursor.</summary>
    public string? Cursor { get; set; }

    /// <summary><c>params.arguments</c> as raw JSON, empty when absent.</summary>
    public ReadOnlyMemory<byte> Arguments { get; set; }

    /// <summary><c>params.protocolVersion</c> of initialize.</summary>
    public string? RequestedVersion { get; set; }

    /// <summary><c>params.requestId</c> of notifications/cancelled, as raw JSON.</summary>
    public ReadOnlyMemory<byte> CancelledId { get; set; }

    /// <summary><c>_meta["io.modelcontextprotocol/protocolVersion"]</c>.</summary>
    public string? MetaVersion { get; set; }

    /// <summary>Whether <c>_meta["io.modelcontextprotocol/clientCapabilities"]</c> is there and an object.</summary>
    public bool HasClientCapabilities { get; set; }

    /// <summary><c>_meta.progressToken</c> as raw JSON, empty when absent.</summary>
    public ReadOnlyMemory<byte> ProgressToken { get; set; }

    /// <summary>What is wrong with a message of kind <see cref="RpcKind.Invalid"/>, or with the params of a request.</summary>
    public string? Fault { get; set; }
}

/// <summary>What a message is (JSON-RPC 2.0 §4, §5).</summary>
internal enum RpcKind
{
    Invalid,
    Request,
    Notification,
    Response,
}
