using System.Text.Json;
using Stoa.Gateway.Models.Translation.Neutral;

namespace Stoa.Gateway.Models.Translation.Chat;

/// <summary>Writes a reply as a chat completion with one choice.</summary>
internal static class ChatAnswerWriter
{
    public static void Write(Utf8JsonWriter writer, Reply reply, AnswerTerms terms)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, $"chatcmpl-{terms.Id}");
        writer.WriteString("object"u8, "chat.completion"u8);
        writer.WriteNumber("created"u8, terms.Now.ToUnixTimeSeconds());
        writer.WriteString("model"u8, terms.Model);
        writer.WriteStartArray("choices"u8);
        writer.WriteStartObject();
        writer.WriteNumber("index"u8, 0);
        writer.WriteStartObject("message"u8);
        WriteMessage(writer, reply);
        writer.WriteEndObject();
        writer.WriteNull("logprobs"u8);
        ChatStops.Write(writer, reply.Stop);
        writer.WriteEndObject();
        writer.WriteEndArray();
        ChatUsage.Write(writer, reply.Usage);
        writer.WriteEndObject();
        writer.Flush();
    }

    private static void WriteMessage(Utf8JsonWriter writer, Reply reply)
    {
        writer.WriteString("role"u8, "assistant"u8);
        WriteTexts(writer, "content"u8, [.. reply.Parts.OfType<TextPart>().Select(p => p.Text)]);
        WriteTexts(writer, "refusal"u8, [.. reply.Parts.OfType<RefusalPart>().Select(p => p.Text)]);
        var thoughts = reply.Parts.OfType<ThinkingPart>().Select(p => p.Text).Where(t => !t.IsEmpty).ToList();
        if (thoughts.Count > 0)
        {
            WriteTexts(writer, "reasoning_content"u8, thoughts);
        }

        var calls = reply.Parts.OfType<ToolCallPart>().ToList();
        if (calls.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("tool_calls"u8);
        foreach (var call in calls)
        {
            writer.WriteStartObject();
            call.Id.WriteTo(writer, "id"u8);
            OpenAITools.WriteFunction(writer, call);
            ChatThinking.WriteSeal(writer, call.Seal);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteTexts(Utf8JsonWriter writer, ReadOnlySpan<byte> name, IReadOnlyList<Text> texts)
    {
        switch (texts)
        {
            case []:
                writer.WriteNull(name);
                break;
            case [var only]:
                only.WriteTo(writer, name);
                break;
            default:
                writer.WriteString(name, string.Concat(texts.Select(t => t.ToString())));
                break;
        }
    }
}
