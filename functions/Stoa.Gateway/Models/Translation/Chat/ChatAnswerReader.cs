using System.Text.Json;
using Stoa.Gateway.Models.Translation.Neutral;

namespace Stoa.Gateway.Models.Translation.Chat;

/// <summary>Takes a chat completion apart: its first choice.</summary>
internal static class ChatAnswerReader
{
    /// <returns>Null with a complaint when it is none.</returns>
    public static Reply? Read(JsonElement root, out string? complaint)
    {
        complaint = null;
        var choice = root.Get("choices"u8).Items().FirstOrDefault();
        var message = choice.Get("message"u8);
        if (message.ValueKind != JsonValueKind.Object)
        {
            complaint = root.Get("error"u8) is var error && error.IsGiven() ? AnswerErrors.Complain(error) : "the provider's answer has no choice with a message";
            return null;
        }

        var parts = new List<Part>();
        ChatThinking.Read(message, parts);
        ReadContent(message.Get("content"u8), parts);
        var refusal = message.Get("refusal"u8).AsText();
        if (!refusal.IsEmpty)
        {
            parts.Add(new RefusalPart(refusal));
        }

        var stop = ChatStops.Read(choice.Get("finish_reason"u8).AsString());
        foreach (var call in message.Get("tool_calls"u8).Items())
        {
            var function = call.Get("function"u8);
            if (!call.Get("id"u8).IsString() || !function.Get("name"u8).IsString())
            {
                complaint = "the provider's answer has a tool call without an id or a name";
                return null;
            }

            parts.Add(new ToolCallPart(
                call.Get("id"u8).AsText(), function.Get("name"u8).AsText(), new ToolArguments(function.Get("arguments"u8)), ChatThinking.SealOf(call)));
            stop = stop is StopReason.Done ? StopReason.ToolUse : stop;
        }

        stop = stop is StopReason.Done && !refusal.IsEmpty ? StopReason.Refused : stop;
        return new Reply(parts, stop, default, ChatUsage.Read(root.Get("usage"u8)));
    }

    // Mistral's reasoning models answer in parts.
    private static void ReadContent(JsonElement content, List<Part> parts)
    {
        if (!content.AsText().IsEmpty)
        {
            parts.Add(new TextPart(content.AsText()));
        }

        foreach (var part in content.Items())
        {
            foreach (var thought in part.Get("thinking"u8).Items())
            {
                parts.Add(new ThinkingPart(thought.Get("text"u8).AsText(), null));
            }

            if (!part.Get("text"u8).AsText().IsEmpty)
            {
                parts.Add(new TextPart(part.Get("text"u8).AsText()));
            }
        }
    }
}
