namespace Stoa.Gateway.Mcp;

/// <summary>The revisions of MCP and what sets them apart on this wire.</summary>
internal static class ProtocolVersions
{
    public const string Modern = "2026-07-28";
    public const string V20251125 = "2025-11-25";
    public const string V20250618 = "2025-06-18";
    public const string V20250326 = "2025-03-26";
    public const string V20241105 = "2024-11-05";

    /// <summary>The version that a request without a version header speaks (2025-06-18 and later, protocol version header).</summary>
    public const string Assumed = V20250326;

    public static bool IsLegacy(string version) => version is V20251125 or V20250618 or V20250326 or V20241105;

    /// <summary>What <c>initialize</c> answers: the version asked for when it is served, else the newest that has a handshake.</summary>
    public static string Negotiate(string? requested) => requested is not null && IsLegacy(requested) ? requested : V20251125;

    /// <summary>Arrays of messages exist in 2025-03-26 only (and in what is assumed to be it).</summary>
    public static bool HasBatches(string version) => version is V20250326;

    /// <summary>From 2025-03-26 on tools have annotations and results may hold audio.</summary>
    public static bool HasAnnotationsAndAudio(string version) => string.CompareOrdinal(version, V20250326) >= 0;

    /// <summary>From 2025-06-18 on tools have titles and structured output.</summary>
    public static bool HasStructuredOutput(string version) => string.CompareOrdinal(version, V20250618) >= 0;

    /// <summary>From 2025-11-25 on invalid arguments are a tool's error, which the model sees and mends, not a protocol error.</summary>
    public static bool ReportsArgumentsToModel(string version) => string.CompareOrdinal(version, V20251125) >= 0;
}
