using System.Buffers;
using System.Text.Json;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Models.Streaming;
using Stoa.Gateway.Models.Translation.Neutral;

namespace Stoa.Gateway.Models.Translation.Chat;

/// <summary>What every chunk of a chat completion has, and the ones that end it.</summary>
internal static class ChatChunks
{
    public static Utf8JsonWriter Begin(EventText events, StreamPosition position, IBufferWriter<byte> output)
    {
        var writer = events.Begin(output);
        writer.WriteString("id"u8, position.Id ?? "");
        writer.WriteString("object"u8, "chat.completion.chunk"u8);
        writer.WriteNumber("created"u8, position.Created);
        writer.WriteString("model"u8, position.Model);
        return writer;
    }

    public static void WriteFinish(EventText events, StreamPosition position, IBufferWriter<byte> output, StopReason reason)
    {
        var writer = Begin(events, position, output);
        writer.WriteStartArray("choices"u8);
        writer.WriteStartObject();
        writer.WriteNumber("index"u8, 0);
        writer.WriteStartObject("delta"u8);
        writer.WriteEndObject();
        ChatStops.Write(writer, reason);
        writer.WriteEndObject();
        writer.WriteEndArray();
        events.End();
    }

    public static void WriteUsage(EventText events, StreamPosition position, IBufferWriter<byte> output, TokenUsage usage)
    {
        var writer = Begin(events, position, output);
        writer.WriteStartArray("choices"u8);
        writer.WriteEndArray();
        ChatUsage.Write(writer, usage);
        events.End();
    }
}
