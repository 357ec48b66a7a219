using System.Text.Json;
using Stoa.Gateway.Models.Translation.Neutral;

namespace Stoa.Gateway.Models.Translation.Responses;

/// <summary>The items of a response's output, begun or complete. Texts are UTF-8 without escapes.</summary>
internal static class ResponseItems
{
    /// <param name="status">in_progress, completed or incomplete.</param>
    /// <param name="hasContent">Whether the part is there already.</param>
    public static void WriteMessage(Utf8JsonWriter writer, string id, string status, bool hasContent, ReadOnlySpan<byte> text, bool isRefusal)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, id);
        writer.WriteString("type"u8, "message"u8);
        writer.WriteString("status"u8, status);
        writer.WriteString("role"u8, "assistant"u8);
        writer.WriteStartArray("content"u8);
        if (hasContent)
        {
            WritePart(writer, text, isRefusal);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public static void WritePart(Utf8JsonWriter writer, ReadOnlySpan<byte> text, bool isRefusal)
    {
        writer.WriteStartObject();
        if (isRefusal)
        {
            writer.WriteString("type"u8, "refusal"u8);
            writer.WriteString("refusal"u8, text);
        }
        else
        {
            writer.WriteString("type"u8, "output_text"u8);
            writer.WriteStartArray("annotations"u8);
            writer.WriteEndArray();
            writer.WriteStartArray("logprobs"u8);
            writer.WriteEndArray();
            writer.WriteString("text"u8, text);
        }

        writer.WriteEndObject();
    }

    public static void WriteCall(Utf8JsonWriter writer, string id, string status, string callId, string name, ReadOnlySpan<byte> arguments)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, id);
        writer.WriteString("type"u8, "function_call"u8);
        writer.WriteString("status"u8, status);
        writer.WriteString("arguments"u8, arguments);
        writer.WriteString("call_id"u8, callId);
        writer.WriteString("name"u8, name);
        writer.WriteEndObject();
    }

    /// <param name="hasSummary">Whether there is anything to show.</param>
    public static void WriteReasoning(Utf8JsonWriter writer, string id, bool hasSummary, ReadOnlySpan<byte> summary, Seal? seal)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, id);
        writer.WriteString("type"u8, "reasoning"u8);
        writer.WriteStartArray("summary"u8);
        if (hasSummary)
        {
            WriteSummary(writer, summary);
        }

        writer.WriteEndArray();
        if (seal is { } mark)
        {
            mark.WriteTo(writer, "encrypted_content"u8);
        }

        writer.WriteEndObject();
    }

    public static void WriteSummary(Utf8JsonWriter writer, ReadOnlySpan<byte> text)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "summary_text"u8);
        writer.WriteString("text"u8, text);
        writer.WriteEndObject();
    }
}
