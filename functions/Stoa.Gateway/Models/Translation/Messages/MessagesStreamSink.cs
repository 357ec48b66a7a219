using System.Text.Json;
using Stoa.Gateway.Models.Streaming;
using Stoa.Gateway.Models.Translation.Neutral;

namespace Stoa.Gateway.Models.Translation.Messages;

/// <summary>
/// Writes the events of a message: its start with the tokens that went in, a ping, blocks that open and close one after the other, the reason
/// it stopped with all usage, its end.
/// </summary>
internal sealed class MessagesStreamSink(AnswerTerms terms, StreamPosition position, long estimatedInput)
    : StreamSink(terms, position, estimatedInput)
{
    private readonly EventText _events = new();
    private Block _open;
    private int _blocks;

    private enum Block
    {
        None,
        Text,
        Thinking,
        Call,
    }

    protected override void WriteBegin()
    {
        Position.Id = $"msg_{Terms.Id}";
        var writer = _events.Begin(Output, "message_start"u8);
        writer.WriteString("type"u8, "message_start"u8);
        writer.WriteStartObject("message"u8);
        MessagesAnswerWriter.WriteHead(writer, Position.Id, Terms.Model);
        writer.WriteStartArray("content"u8);
        writer.WriteEndArray();
        writer.WriteNull("stop_reason"u8);
        writer.WriteNull("stop_sequence"u8);
        MessagesUsage.Write(writer, Usage, output: 0);
        writer.WriteEndObject();
        _events.End();
        _events.Begin(Output, "ping"u8).WriteString("type"u8, "ping"u8);
        _events.End();
    }

    protected override void WriteText(ReadOnlySpan<byte> text)
    {
        if (_open is not Block.Text)
        {
            var start = BeginBlock(Block.Text, "text"u8);
            start.WriteString("text"u8, ""u8);
            EndBlockStart(start);
        }

        WriteDelta("text_delta"u8, "text"u8, text);
    }

    // A refusal is a message like another here; the stop reason tells it.
    protected override void WriteRefusal(ReadOnlySpan<byte> text) => WriteText(text);

    protected override void WriteThinking(ReadOnlySpan<byte> text)
    {
        OpenThinking();
        WriteDelta("thinking_delta"u8, "thinking"u8, text);
    }

    protected override void WriteSeal(Seal seal)
    {
        if (seal.Maker is SealMaker.AnthropicRedacted)
        {
            var start = BeginBlock(Block.None, "redacted_thinking"u8);
            start.WriteString("data"u8, seal.Value);
            EndBlockStart(start);
            WriteBlockStop();
            return;
        }

        OpenThinking();
        var writer = BeginDelta("signature_delta"u8);
        writer.WriteString("signature"u8, seal.Maker is SealMaker.Anthropic ? seal.Value : seal.ToString());
        EndDelta(writer);
        CloseBlock();
    }

    protected override void WriteBeginCall(string id, string name, Seal? seal)
    {
        if (seal is { } mark)
        {
            // Clients bring thinking back as it was, and nothing else that is opaque; the call behind it has no field for this.
            CloseBlock();
            WriteSeal(mark);
        }

        var start = BeginBlock(Block.Call, "tool_use"u8);
        start.WriteString("id"u8, id);
        start.WriteString("name"u8, name);
        start.WriteStartObject("input"u8);
        start.WriteEndObject();
        EndBlockStart(start);
    }

    protected override void WriteArguments(ReadOnlySpan<byte> json) => WriteDelta("input_json_delta"u8, "partial_json"u8, json);

    protected override void WriteEnd()
    {
        CloseBlock();
        MessagesEvents.WriteStop(_events, Output, StopReason, StopSequence, Usage);
    }

    private void OpenThinking()
    {
        if (_open is Block.Thinking)
        {
            return;
        }

        var start = BeginBlock(Block.Thinking, "thinking"u8);
        start.WriteString("thinking"u8, ""u8);
        start.WriteString("signature"u8, ""u8);
        EndBlockStart(start);
    }

    private Utf8JsonWriter BeginBlock(Block block, ReadOnlySpan<byte> type)
    {
        CloseBlock();
        _open = block;
        Position.OpenBlock = _blocks++;
        var writer = _events.Begin(Output, "content_block_start"u8);
        writer.WriteString("type"u8, "content_block_start"u8);
        writer.WriteNumber("index"u8, Position.OpenBlock.Value);
        writer.WriteStartObject("content_block"u8);
        writer.WriteString("type"u8, type);
        return writer;
    }

    private void EndBlockStart(Utf8JsonWriter writer)
    {
        writer.WriteEndObject();
        _events.End();
    }

    private void CloseBlock()
    {
        if (Position.OpenBlock is not null)
        {
            WriteBlockStop();
        }
    }

    private void WriteBlockStop()
    {
        MessagesEvents.WriteBlockStop(_events, Output, Position.OpenBlock!.Value);
        Position.OpenBlock = null;
        _open = Block.None;
    }

    private void WriteDelta(ReadOnlySpan<byte> type, ReadOnlySpan<byte> name, ReadOnlySpan<byte> text)
    {
        var writer = BeginDelta(type);
        writer.WriteString(name, text);
        EndDelta(writer);
    }

    private Utf8JsonWriter BeginDelta(ReadOnlySpan<byte> type)
    {
        var writer = _events.Begin(Output, "content_block_delta"u8);
        writer.WriteString("type"u8, "content_block_delta"u8);
        writer.WriteNumber("index"u8, Position.OpenBlock ?? 0);
        writer.WriteStartObject("delta"u8);
        writer.WriteString("type"u8, type);
        return writer;
    }

    private void EndDelta(Utf8JsonWriter writer)
    {
        writer.WriteEndObject();
        _events.End();
    }
}
