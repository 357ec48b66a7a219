namespace Stoa.Gateway.Schemas.Json;

/// <summary>Reference tokens of JSON pointers (RFC 6901 sections 3 and 4).</summary>
internal static class JsonPointer
{
    public static string Escape(string token) =>
        token.Contains('~') || token.Contains('/')
            ? token.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)
            : token;

    public static string Unescape(string token) =>
        token.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
}
