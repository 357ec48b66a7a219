using System.Text.Json;

namespace Stoa.Testing.Llm;

/// <summary>What is said in a request, in one form for all shapes: enough for a script to decide what to say next.</summary>
/// <param name="Prompt">The text of the last turn of the user; empty when it has none.</param>
/// <param name="ToolResults">Results of tools that came after the model's last turn, as text.</param>
/// <param name="Tools">Offered, in order; empty when the choice is none.</param>
/// <param name="Answer">The JSON Schema that the answer has to fit; null for free text.</param>
public sealed record LlmConversation(string Prompt, IReadOnlyList<string> ToolResults, IReadOnlyList<LlmTool> Tools, JsonElement? Answer)
{
    internal static LlmConversation Read(LlmVerb verb, JsonElement body) => verb switch
    {
        LlmVerb.Chat => Chat(body),
        LlmVerb.Messages => Messages(body),
        LlmVerb.Responses => Responses(body),
        LlmVerb.GenerateContent => Gemini(body),
        _ => new("", [], [], null),
    };

    private static LlmConversation Chat(JsonElement body)
    {
        var messages = Items(body, "messages");
        return new(
            LastOf(messages, "role", "user", "content"),
            [.. messages.Reverse().TakeWhile(m => LlmAsk.Text(m, "role") is "tool").Reverse().Select(m => TextOf(LlmAsk.Member(m, "content")))],
            LlmAsk.Text(body, "tool_choice") is "none" ? [] : [.. Items(body, "tools").Select(t => t.GetProperty("function")).Select(f => Tool(f, "parameters"))],
            At(body, "response_format", "json_schema", "schema"));
    }

    private static LlmConversation Messages(JsonElement body)
    {
        var messages = Items(body, "messages");
        var results = messages.LastOrDefault() is { ValueKind: JsonValueKind.Object } last && LlmAsk.Text(last, "role") is "user" ? Items(last, "content") : [];
        return new(
            LastOf(messages, "role", "user", "content"),
            [.. results.Where(part => LlmAsk.Text(part, "type") is "tool_result").Select(part => TextOf(LlmAsk.Member(part, "content")))],
            At(body, "tool_choice", "type")?.GetString() is "none" ? [] : [.. Items(body, "tools").Select(t => Tool(t, "input_schema"))],
            At(body, "output_config", "format", "schema") ?? At(body, "output_format", "schema"));
    }

    private static LlmConversation Responses(JsonElement body)
    {
        var items = Items(body, "input");
        return new(
            LlmAsk.Text(body, "input") ?? LastOf(items, "role", "user", "content"),
            [.. items.Reverse().TakeWhile(i => LlmAsk.Text(i, "type") is "function_call_output").Reverse().Select(i => TextOf(LlmAsk.Member(i, "output")))],
            LlmAsk.Text(body, "tool_choice") is "none" ? [] : [.. Items(body, "tools").Where(t => LlmAsk.Text(t, "type") is "function").Select(t => Tool(t, "parameters"))],
            At(body, "text", "format", "schema"));
    }

    private static LlmConversation Gemini(JsonElement body)
    {
        var contents = Items(body, "contents");
        var last = contents.LastOrDefault() is { ValueKind: JsonValueKind.Object } content ? Items(content, "parts") : [];
        return new(
            LastOf(contents, "role", "user", "parts"),
            [.. last.Select(part => LlmAsk.Member(part, "functionResponse")).OfType<JsonElement>().Select(r => r.GetProperty("response").GetRawText())],
            At(body, "toolConfig", "functionCallingConfig", "mode")?.GetString() is "NONE"
                ? []
                : [.. Items(body, "tools").SelectMany(t => Items(t, "functionDeclarations")).Select(f => Tool(f, LlmAsk.Member(f, "parameters") is null ? "parametersJsonSchema" : "parameters"))],
            At(body, "generationConfig", "responseJsonSchema") ?? At(body, "generationConfig", "responseSchema"));
    }

    private static LlmTool Tool(JsonElement declared, string schema) => new(LlmAsk.Text(declared, "name") ?? "", LlmAsk.Member(declared, schema));

    private static JsonElement[] Items(JsonElement value, string name) => LlmAsk.Member(value, name) is { ValueKind: JsonValueKind.Array } items ? [.. items.EnumerateArray()] : [];

    private static string LastOf(JsonElement[] turns, string by, string who, string content) =>
        turns.LastOrDefault(t => (LlmAsk.Text(t, by) ?? who) == who) is { ValueKind: JsonValueKind.Object } turn ? TextOf(LlmAsk.Member(turn, content)) : "";

    private static string TextOf(JsonElement? content) => content switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString()!,
        { ValueKind: JsonValueKind.Array } parts => string.Concat(parts.EnumerateArray().Select(part => LlmAsk.Text(part, "text") ?? "")),
        _ => "",
    };

    private static JsonElement? At(JsonElement value, params string[] path) =>
        path.Aggregate((JsonElement?)value, (at, name) => at is { } here ? LlmAsk.Member(here, name) : null);
}

/// <param name="Schema">Of its arguments; null when none was given.</param>
public sealed record LlmTool(string Name, JsonElement? Schema);
