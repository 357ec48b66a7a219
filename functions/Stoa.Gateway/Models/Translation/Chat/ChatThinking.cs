using System.Text.Json;
using Stoa.Gateway.Models.Translation.Neutral;

namespace Stoa.Gateway.Models.Translation.Chat;

/// <summary>
/// Reasoning in chat completions, which OpenAI's own reference does not have: servers of open models show it as <c>reasoning_content</c> (or
/// <c>reasoning</c>), and Gemini's signature of a call travels where Google's own chat endpoint puts it,
/// <c>tool_calls[].extra_content.google.thought_signature</c>.
/// </summary>
internal static class ChatThinking
{
    public static void Read(JsonElement message, List<Part> parts)
    {
        var thinking = message.Get("reasoning_content"u8);
        thinking = thinking.IsGiven() ? thinking : message.Get("reasoning"u8);
        if (thinking.IsString() && !thinking.ValueEquals(""u8))
        {
            parts.Add(new ThinkingPart(thinking.AsText(), null));
        }
    }

    public static Seal? SealOf(JsonElement call) =>
        call.Get("extra_content"u8).Get("google"u8).Get("thought_signature"u8).AsString() is { } signature ? new Seal(SealMaker.Gemini, signature) : null;

    public static void WriteSeal(Utf8JsonWriter writer, Seal? seal)
    {
        if (seal is not { Maker: SealMaker.Gemini, Value: var value })
        {
            return;
        }

        writer.WriteStartObject("extra_content"u8);
        writer.WriteStartObject("google"u8);
        writer.WriteString("thought_signature"u8, value);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
