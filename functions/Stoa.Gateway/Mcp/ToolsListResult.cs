using System.Text.Json;

namespace Stoa.Gateway.Mcp;

/// <summary>
/// One page of tools/list. Private and briefly fresh: what it shows depends on the caller's key, and a change is due within the
/// staleness rule.
/// </summary>
internal sealed class ToolsListResult(ToolPage page, string? nextCursor, string version) : McpResult(version == ProtocolVersions.Modern)
{
    private const int FreshMs = 5_000;

    protected override void WriteMembers(Utf8JsonWriter json)
    {
        json.WritePropertyName("tools"u8);
        json.WriteRawValue(page.ArrayFor(version), skipInputValidation: true);
        if (nextCursor is not null)
        {
            json.WriteString("nextCursor"u8, nextCursor);
        }

        if (IsModern)
        {
            json.WriteNumber("ttlMs"u8, FreshMs);
            json.WriteString("cacheScope"u8, "private"u8);
        }
    }
}
