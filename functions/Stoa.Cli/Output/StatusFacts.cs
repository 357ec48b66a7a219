using System.Text.Json;
using System.Text.Json.Nodes;

namespace Stoa.Cli.Output;

/// <summary>A tool's status for people: times to the second, and nothing about what is not known yet.</summary>
internal static class StatusFacts
{
    public static JsonObject Of(JsonObject status) =>
        new(status.Where(member => member.Value is not null).Select(member => KeyValuePair.Create(member.Key, Shown(member.Key, member.Value!))));

    private static JsonNode? Shown(string name, JsonNode value) => value switch
    {
        JsonObject map => Of(map),
        JsonValue text when IsTime(name) && text.GetValueKind() is JsonValueKind.String => JsonValue.Create(Age.Moment(text.InWords())),
        _ => value.DeepClone(),
    };

    private static bool IsTime(string name) => name is "at" or "until" || name.EndsWith("At", StringComparison.Ordinal);
}
