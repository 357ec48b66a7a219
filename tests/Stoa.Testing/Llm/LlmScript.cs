using System.Text.Json;
using System.Text.Json.Nodes;

namespace Stoa.Testing.Llm;

/// <summary>
/// A model that does what can be checked: with tools it calls the first one (all of them when the prompt says "each"), with results of
/// tools it repeats them, with a schema it gives JSON that fits, at "hang" it falls silent after two words, else it answers in eight pieces.
/// </summary>
public static class LlmScript
{
    public static LlmTurn Sensible(LlmAsk ask)
    {
        var said = ask.Conversation;
        if (said.ToolResults.Count > 0)
        {
            return LlmTurn.Say(["The tool said: ", .. said.ToolResults]);
        }

        if (said.Prompt.Contains("hang", StringComparison.Ordinal))
        {
            return LlmTurn.Say("one", " two", " three") with { HangsAfter = 2 };
        }

        if (said.Tools.Count > 0)
        {
            var called = said.Prompt.Contains("each", StringComparison.Ordinal) ? said.Tools : [said.Tools[0]];
            return new() { Calls = [.. called.Select(tool => new LlmToolCall(tool.Name, Sample(tool.Schema).ToJsonString()))] };
        }

        if (said.Answer is { } schema)
        {
            return LlmTurn.Say([.. Sample(schema).ToJsonString().Chunk(8).Select(piece => new string(piece))]);
        }

        return LlmTurn.Say("Hello", " from", " ", ask.Model, ":", " all", " is", " well.") with
        {
            Thinking = said.Prompt.Contains("think", StringComparison.Ordinal) ? ["Let", " me", " see."] : [],
        };
    }

    /// <summary>A value that fits: <c>Malmö</c> for text, 21 for numbers.</summary>
    private static JsonNode Sample(JsonElement? schema) => schema is not { } given ? new JsonObject() : (LlmAsk.Text(given, "type") ?? "object").ToLowerInvariant() switch
    {
        "string" => LlmAsk.Member(given, "enum") is { } allowed ? JsonValue.Create(allowed[0].GetString())! : JsonValue.Create("Malmö"),
        "integer" or "number" => JsonValue.Create(21),
        "boolean" => JsonValue.Create(true),
        "array" => new JsonArray(Sample(LlmAsk.Member(given, "items"))),
        _ => new JsonObject(LlmAsk.Member(given, "properties") is { } properties
            ? properties.EnumerateObject().Select(p => KeyValuePair.Create(p.Name, (JsonNode?)Sample(p.Value)))
            : []),
    };
}
