namespace Stoa.Wire.Tests.Mcp;

/// <summary>The revisions of MCP, as tests name them.</summary>
internal static class Revision
{
    public const string V2024 = "2024-11-05";
    public const string V202503 = "2025-03-26";
    public const string V202506 = "2025-06-18";
    public const string V202511 = "2025-11-25";
    public const string Modern = "2026-07-28";

    public static readonly string[] Legacy = [V2024, V202503, V202506, V202511];

    public static readonly string[] All = [.. Legacy, Modern];

    /// <summary>Whether the first is the second or a later one.</summary>
    public static bool IsSince(string revision, string since) => string.CompareOrdinal(revision, since) >= 0;
}
