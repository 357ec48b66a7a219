using System.Buffers;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Models.Translation.Neutral;

namespace Stoa.Gateway.Models.Translation.Messages;

/// <summary>The events that close a block and end a message.</summary>
internal static class MessagesEvents
{
    public static void WriteBlockStop(EventText events, IBufferWriter<byte> output, int index)
    {
        var writer = events.Begin(output, "content_block_stop"u8);
        writer.WriteString("type"u8, "content_block_stop"u8);
        writer.WriteNumber("index"u8, index);
        events.End();
    }

    public static void WriteStop(EventText events, IBufferWriter<byte> output, StopReason reason, string? sequence, TokenUsage usage)
    {
        var writer = events.Begin(output, "message_delta"u8);
        writer.WriteString("type"u8, "message_delta"u8);
        writer.WriteStartObject("delta"u8);
        MessagesStops.Write(writer, reason, sequence);
        writer.WriteEndObject();
        MessagesUsage.Write(writer, usage, usage.Output);
        events.End();
        events.Begin(output, "message_stop"u8).WriteString("type"u8, "message_stop"u8);
        events.End();
    }
}
