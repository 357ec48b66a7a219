using System.Text;
using System.Text.Json;

namespace Stoa.Gateway.Tests.Models.Translation;

/// <param name="Kind">t text, r thinking, c a call of a tool.</param>
/// <param name="Text">The text, or the tool's name.</param>
/// <param name="Cuts">The arguments in pieces.</param>
internal sealed record Piece(char Kind, string Text, string[] Cuts);

internal sealed record Script(IReadOnlyList<Piece> Pieces, bool IsCut, int Input, int Cached, int Output)
{
    public bool HasCalls => Pieces.Any(p => p.Kind == 'c');
}

/// <summary>A script as each provider streams it, after their public references.</summary>
internal static class ScriptedStream
{
    public static string Chat(Script script)
    {
        var stream = new StringBuilder();
        Choice(stream, """{"role":"assistant","content":""}""");
        var call = -1;
        foreach (var piece in script.Pieces)
        {
            switch (piece.Kind)
            {
                case 't':
                    Choice(stream, $$"""{"content":{{Quote(piece.Text)}}}""");
                    break;
                case 'r':
                    Choice(stream, $$"""{"reasoning_content":{{Quote(piece.Text)}}}""");
                    break;
                default:
                    call++;
                    Choice(stream, $$$$$"""{"tool_calls":[{"index":{{{{{call}}}}},"id":"call_{{{{{call}}}}}","type":"function","function":{"name":{{{{{Quote(piece.Text)}}}}},"arguments":""}}]}""");
                    foreach (var cut in piece.Cuts)
                    {
                        Choice(stream, $$$$$"""{"tool_calls":[{"index":{{{{{call}}}}},"function":{"arguments":{{{{{Quote(cut)}}}}}}}]}""");
                    }

                    break;
            }
        }

        var reason = script.IsCut ? "length" : script.HasCalls ? "tool_calls" : "stop";
        stream.Append($$"""data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"{{reason}}"}]}""").Append("\n\n");
        stream.Append($$$$$"""data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[],"usage":{"prompt_tokens":{{{{{script.Input}}}}},"completion_tokens":{{{{{script.Output}}}}},"total_tokens":{{{{{script.Input + script.Output}}}}},"prompt_tokens_details":{"cached_tokens":{{{{{script.Cached}}}}}}}}""").Append("\n\n");
        return stream.Append("data: [DONE]\n\n").ToString();
    }

    public static string Messages(Script script)
    {
        var stream = new StringBuilder();
        Event(stream, "message_start", $$$$$"""{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":{{{{{script.Input - script.Cached}}}}},"cache_read_input_tokens":{{{{{script.Cached}}}}},"output_tokens":1}}}""");
        for (var i = 0; i < script.Pieces.Count; i++)
        {
            var piece = script.Pieces[i];
            var (block, deltas) = piece.Kind switch
            {
                't' => ("""{"type":"text","text":""}""", new[] { $$"""{"type":"text_delta","text":{{Quote(piece.Text)}}}""" }),
                'r' => ("""{"type":"thinking","thinking":"","signature":""}""",
                    [$$"""{"type":"thinking_delta","thinking":{{Quote(piece.Text)}}}""", """{"type":"signature_delta","signature":"c2ln"}"""]),
                _ => ($$$$$"""{"type":"tool_use","id":"toolu_{{{{{i}}}}}","name":{{{{{Quote(piece.Text)}}}}},"input":{}}""",
                    [.. piece.Cuts.Select(c => $$"""{"type":"input_json_delta","partial_json":{{Quote(c)}}}""")]),
            };
            Event(stream, "content_block_start", $$"""{"type":"content_block_start","index":{{i}},"content_block":{{block}}}""");
            foreach (var delta in deltas)
            {
                Event(stream, "content_block_delta", $$"""{"type":"content_block_delta","index":{{i}},"delta":{{delta}}}""");
            }

            Event(stream, "content_block_stop", $$"""{"type":"content_block_stop","index":{{i}}}""");
        }

        var reason = script.IsCut ? "max_tokens" : script.HasCalls ? "tool_use" : "end_turn";
        Event(stream, "message_delta", $$$"""{"type":"message_delta","delta":{"stop_reason":"{{{reason}}}","stop_sequence":null},"usage":{"output_tokens":{{{script.Output}}}}}""");
        Event(stream, "message_stop", """{"type":"message_stop"}""");
        return stream.ToString();
    }

    public static string Gemini(Script script)
    {
        var stream = new StringBuilder();
        foreach (var piece in script.Pieces)
        {
            var part = piece.Kind switch
            {
                't' => $$"""{"text":{{Quote(piece.Text)}}}""",
                'r' => $$"""{"thought":true,"text":{{Quote(piece.Text)}}}""",
                _ => $$"""{"functionCall":{"name":{{Quote(piece.Text)}},"args":{{(piece.Cuts.Length == 0 ? "{}" : string.Concat(piece.Cuts))}}},"thoughtSignature":"c2ln"}""",
            };
            stream.Append($$$"""data: {"candidates":[{"content":{"parts":[{{{part}}}],"role":"model"},"index":0}],"usageMetadata":{"promptTokenCount":{{{script.Input}}},"totalTokenCount":{{{script.Input}}}}}""").Append("\n\n");
        }

        var reason = script.IsCut ? "MAX_TOKENS" : "STOP";
        stream.Append($$$"""data: {"candidates":[{"finishReason":"{{{reason}}}","index":0}],"usageMetadata":{"promptTokenCount":{{{script.Input}}},"cachedContentTokenCount":{{{script.Cached}}},"candidatesTokenCount":{{{script.Output}}},"totalTokenCount":{{{script.Input + script.Output}}}}}""").Append("\n\n");
        return stream.ToString();
    }

    private static void Choice(StringBuilder stream, string delta) =>
        stream.Append($$"""data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{{delta}},"finish_reason":null}]}""").Append("\n\n");

    private static void Event(StringBuilder stream, string name, string data) => stream.Append("event: ").Append(name).Append("\ndata: ").Append(data).Append("\n\n");

    private static string Quote(string text) => JsonSerializer.Serialize(text);
}
