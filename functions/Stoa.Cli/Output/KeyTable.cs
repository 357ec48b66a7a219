using System.Globalization;
using System.Text.Json.Nodes;

namespace Stoa.Cli.Output;

/// <summary>A consumer's API keys, without the keys.</summary>
internal static class KeyTable
{
    public static TextTable Of(JsonArray keys, DateTimeOffset now)
    {
        var table = new TextTable("ID", "KEY", "STATUS", "EXPIRES", "SCOPES", "TOOLS", "AGE");
        foreach (var key in keys)
        {
            table.Add(
                key.Text("id"),
                key.Text("hint"),
                StatusOf(key, now),
                key.Text("expiresAt") is { Length: > 0 } end ? Age.Moment(end) : "never",
                key.At("scopes") is null ? "as the consumer" : key.Text("scopes"),
                key.At("tools") is null ? "as the consumer" : key.Text("tools"),
                Age.Since(key.Text("createdAt"), now));
        }

        return table;
    }

    private static string StatusOf(JsonNode? key, DateTimeOffset now) =>
        key.At("revokedAt") is not null ? "revoked"
        : DateTimeOffset.TryParse(key.Text("expiresAt"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var end) && end <= now ? "expired"
        : key.At("replacedBy") is not null ? "rotated"
        : "live";
}
