using System.Text.Json;
using Stoa.Gateway.Models.Translation.Neutral;

namespace Stoa.Gateway.Models.Translation.Messages;

/// <summary>Takes a message apart. Blocks of tools that run at Anthropic are passed over: nobody here can have asked for them.</summary>
internal static class MessagesAnswerReader
{
    /// <returns>Null with a complaint when it is none.</returns>
    public static Reply? Read(JsonElement root, out string? complaint)
    {
        complaint = null;
        if (root.Get("content"u8).ValueKind != JsonValueKind.Array)
        {
            complaint = root.Get("error"u8) is var error && error.IsGiven() ? AnswerErrors.Complain(error) : "the provider's answer has no content";
            return null;
        }

        var parts = new List<Part>();
        foreach (var block in root.Get("content"u8).Items())
        {
            switch (block.Get("type"u8).AsString())
            {
                case "text":
                    parts.Add(new TextPart(block.Get("text"u8).AsText()));
                    break;
                case "thinking":
                    parts.Add(new ThinkingPart(
                        block.Get("thinking"u8).AsText(),
                        block.Get("signature"u8).AsString() is { Length: > 0 } signature ? new Seal(SealMaker.Anthropic, signature) : null));
                    break;
                case "redacted_thinking":
                    parts.Add(new ThinkingPart(default, new Seal(SealMaker.AnthropicRedacted, block.Get("data"u8).AsString() ?? "")));
                    break;
                case "tool_use" when !block.Get("id"u8).IsString() || !block.Get("name"u8).IsString():
                    complaint = "the provider's answer has a tool call without an id or a name";
                    return null;
                case "tool_use":
                    parts.Add(new ToolCallPart(block.Get("id"u8).AsText(), block.Get("name"u8).AsText(), new ToolArguments(block.Get("input"u8)), null));
                    break;
                default:
                    break;
            }
        }

        return new Reply(
            parts, MessagesStops.Read(root.Get("stop_reason"u8).AsString()), root.Get("stop_sequence"u8).AsText(), MessagesUsage.Read(root.Get("usage"u8)));
    }
}
