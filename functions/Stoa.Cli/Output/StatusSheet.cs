using System.Text.Json.Nodes;

namespace Stoa.Cli.Output;

/// <summary>How a tool is doing, a line per fact. Facts that are not known here are shown as they come.</summary>
internal static class StatusSheet
{
    public static void Print(Screen screen, JsonObject status, string indent = "") => Sheet.Print(
        screen, status.Select(member => (Sheet.Title(member.Key), (JsonNode?)JsonValue.Create(InLine(member.Key, member.Value)))), indent);

    private static string InLine(string name, JsonNode? value) => (name, value) switch
    {
        ("endpoint", JsonObject map) when map.ContainsKey("reachable") => map.Text("reachable") switch
        {
            "true" => $"reachable, seen {Age.Moment(map.Text("checkedAt"))}",
            "false" => $"not reachable, seen {Age.Moment(map.Text("checkedAt"))}",
            _ => "not tried yet",
        },
        (_, JsonObject map) => string.Join(", ", map.Select(member => Word(member.Key, member.Value))),
        _ => Age.Moment(value.InWords()),
    };

    private static string Word(string name, JsonNode? value) => name switch
    {
        "at" or "outcome" or "message" or "state" => Age.Moment(value.InWords()),
        "durationMs" => $"{value.InWords()} ms",
        _ => $"{name} {Age.Moment(value.InWords())}",
    };
}
