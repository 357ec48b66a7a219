using System.Text.Json;
using Stoa.Gateway.Models.Translation.Neutral;

namespace Stoa.Gateway.Models.Translation.Messages;

/// <summary>Writes a reply as a message.</summary>
internal static class MessagesAnswerWriter
{
    public static void Write(Utf8JsonWriter writer, Reply reply, AnswerTerms terms)
    {
        writer.WriteStartObject();
        WriteHead(writer, $"msg_{terms.Id}", terms.Model);
        writer.WriteStartArray("content"u8);
        foreach (var part in reply.Parts)
        {
            WritePart(writer, part);
        }

        writer.WriteEndArray();
        MessagesStops.Write(writer, reply.Stop, reply.Stop is StopReason.StopSequence ? reply.StopSequence.ToString() : null);
        MessagesUsage.Write(writer, reply.Usage, reply.Usage.Output);
        writer.WriteEndObject();
        writer.Flush();
    }

    public static void WriteHead(Utf8JsonWriter writer, string id, string model)
    {
        writer.WriteString("id"u8, id);
        writer.WriteString("type"u8, "message"u8);
        writer.WriteString("role"u8, "assistant"u8);
        writer.WriteString("model"u8, model);
    }

    private static void WritePart(Utf8JsonWriter writer, Part part)
    {
        switch (part)
        {
            case TextPart text:
                WriteText(writer, text.Text);
                break;
            case RefusalPart refusal:
                WriteText(writer, refusal.Text);
                break;
            case ThinkingPart thinking:
                WriteThinking(writer, thinking.Text, thinking.Seal);
                break;
            case ToolCallPart call:
                WriteCall(writer, call);
                break;
            default:
                throw new InvalidOperationException($"{part.GetType().Name} is no part of an answer.");
        }
    }

    private static void WriteText(Utf8JsonWriter writer, Text text)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "text"u8);
        text.WriteTo(writer, "text"u8);
        writer.WriteEndObject();
    }

    private static void WriteThinking(Utf8JsonWriter writer, Text text, Seal? seal)
    {
        writer.WriteStartObject();
        if (seal is { Maker: SealMaker.AnthropicRedacted, Value: var hidden })
        {
            writer.WriteString("type"u8, "redacted_thinking"u8);
            writer.WriteString("data"u8, hidden);
        }
        else
        {
            writer.WriteString("type"u8, "thinking"u8);
            text.WriteTo(writer, "thinking"u8);
            writer.WriteString("signature"u8, seal is { Maker: SealMaker.Anthropic, Value: var own } ? own : seal?.ToString() ?? "");
        }

        writer.WriteEndObject();
    }

    private static void WriteCall(Utf8JsonWriter writer, ToolCallPart call)
    {
        if (call.Seal is { } seal)
        {
            // Clients bring thinking back as it was, and nothing else that is opaque; the call behind it has no field for this.
            WriteThinking(writer, default, seal);
        }

        writer.WriteStartObject();
        writer.WriteString("type"u8, "tool_use"u8);
        call.Id.WriteTo(writer, "id"u8);
        call.Name.WriteTo(writer, "name"u8);
        writer.WritePropertyName("input"u8);
        call.Arguments.WriteObject(writer);
        writer.WriteEndObject();
    }
}
