namespace Stoa.Gateway.Tools;

/// <summary>
/// What a tool does to the world, as MCP annotations put it: as declared, else as its HTTP method says (RFC 9110 §9.2: GET and HEAD are
/// safe; PUT and DELETE are idempotent).
/// </summary>
internal readonly record struct ToolHints(bool ReadOnly, bool Destructive, bool Idempotent, bool OpenWorld)
{
    public static ToolHints Of(ToolSpec spec)
    {
        var declared = spec.Annotations;
        var readOnly = declared?.ReadOnlyHint ?? spec.Method is "GET" or "HEAD";
        return new(
            readOnly,
            declared?.DestructiveHint ?? (!readOnly && spec.Method is "DELETE" or "PUT" or "PATCH"),
            declared?.IdempotentHint ?? (readOnly || spec.Method is "PUT" or "DELETE"),
            declared?.OpenWorldHint ?? true);
    }
}
