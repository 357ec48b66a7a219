using System.Buffers;
using System.Text.Json;
using Stoa.Gateway.Models.Streaming;

namespace Stoa.Gateway.Models.Translation.Responses;

/// <summary>The events of a response stream; each has a type and the next sequence number.</summary>
internal sealed class ResponsesEvents(StreamPosition position)
{
    private readonly EventText _events = new();

    public void WriteResponse(IBufferWriter<byte> output, string name, in ResponseObject.Head head, Action<Utf8JsonWriter> items)
    {
        Span<byte> type = stackalloc byte[64];
        var writer = Begin(output, type[..System.Text.Encoding.UTF8.GetBytes(name, type)]);
        writer.WriteStartObject("response"u8);
        ResponseObject.Write(writer, head, items);
        writer.WriteEndObject();
        _events.End();
    }

    public void WriteItem(IBufferWriter<byte> output, ReadOnlySpan<byte> type, OpenItem item, string status)
    {
        var writer = Begin(output, type);
        writer.WriteNumber("output_index"u8, item.Index);
        writer.WritePropertyName("item"u8);
        item.Write(writer, status);
        _events.End();
    }

    public void WriteContentPart(IBufferWriter<byte> output, ReadOnlySpan<byte> type, OpenItem item, ReadOnlySpan<byte> text)
    {
        var writer = BeginInItem(output, type, item);
        writer.WritePropertyName("part"u8);
        ResponseItems.WritePart(writer, text, item.Kind is ItemKind.Refusal);
        _events.End();
    }

    public void WriteSummaryPart(IBufferWriter<byte> output, ReadOnlySpan<byte> type, OpenItem item, ReadOnlySpan<byte> text)
    {
        var writer = BeginInItem(output, type, item);
        writer.WritePropertyName("part"u8);
        ResponseItems.WriteSummary(writer, text);
        _events.End();
    }

    public void WriteDelta(IBufferWriter<byte> output, ReadOnlySpan<byte> type, OpenItem item, ReadOnlySpan<byte> delta)
    {
        var writer = BeginInItem(output, type, item);
        writer.WriteString("delta"u8, delta);
        WriteLogprobs(writer, item);
        _events.End();
    }

    /// <summary>The events that repeat the whole of what was told in pieces.</summary>
    public void WriteDone(IBufferWriter<byte> output, OpenItem item)
    {
        var text = item.Text.WrittenSpan;
        switch (item.Kind)
        {
            case ItemKind.Text:
                WriteWhole(output, "response.output_text.done"u8, item, "text"u8);
                WriteContentPart(output, "response.content_part.done"u8, item, text);
                break;
            case ItemKind.Refusal:
                WriteWhole(output, "response.refusal.done"u8, item, "refusal"u8);
                WriteContentPart(output, "response.content_part.done"u8, item, text);
                break;
            case ItemKind.Call:
                WriteWhole(output, "response.function_call_arguments.done"u8, item, "arguments"u8);
                break;
            case ItemKind.Reasoning when !text.IsEmpty:
                WriteWhole(output, "response.reasoning_summary_text.done"u8, item, "text"u8);
                WriteSummaryPart(output, "response.reasoning_summary_part.done"u8, item, text);
                break;
            default:
                break;
        }
    }

    private void WriteWhole(IBufferWriter<byte> output, ReadOnlySpan<byte> type, OpenItem item, ReadOnlySpan<byte> member)
    {
        var writer = BeginInItem(output, type, item);
        writer.WriteString(member, item.Text.WrittenSpan);
        if (item.Kind is ItemKind.Call)
        {
            writer.WriteString("name"u8, item.Name);
        }

        WriteLogprobs(writer, item);
        _events.End();
    }

    private static void WriteLogprobs(Utf8JsonWriter writer, OpenItem item)
    {
        if (item.Kind is ItemKind.Text)
        {
            writer.WriteStartArray("logprobs"u8);
            writer.WriteEndArray();
        }
    }

    private Utf8JsonWriter BeginInItem(IBufferWriter<byte> output, ReadOnlySpan<byte> type, OpenItem item)
    {
        var writer = Begin(output, type);
        writer.WriteString("item_id"u8, item.Id);
        writer.WriteNumber("output_index"u8, item.Index);
        if (item.Kind is ItemKind.Reasoning)
        {
            writer.WriteNumber("summary_index"u8, 0);
        }
        else if (item.Kind is not ItemKind.Call)
        {
            writer.WriteNumber("content_index"u8, 0);
        }

        return writer;
    }

    private Utf8JsonWriter Begin(IBufferWriter<byte> output, ReadOnlySpan<byte> type)
    {
        var writer = _events.Begin(output, type);
        writer.WriteString("type"u8, type);
        writer.WriteNumber("sequence_number"u8, ++position.SequenceNumber);
        return writer;
    }
}
