using System.Text.Json;
using Stoa.Gateway.Models.Streaming;
using Stoa.Gateway.Models.Translation.Neutral;

namespace Stoa.Gateway.Models.Translation.Chat;

/// <summary>
/// Writes chunks of a chat completion: the role first, then what the model says, one chunk with the reason it stopped, one with usage for
/// those who asked, <c>[DONE]</c>.
/// </summary>
internal sealed class ChatStreamSink(AnswerTerms terms, StreamPosition position, long estimatedInput)
    : StreamSink(terms, position, estimatedInput)
{
    private readonly EventText _events = new();
    private int _call = -1;
    private bool _lacksArguments;

    protected override void WriteBegin()
    {
        Position.Id = $"chatcmpl-{Terms.Id}";
        var writer = BeginDelta();
        writer.WriteString("role"u8, "assistant"u8);
        writer.WriteString("content"u8, ""u8);
        EndDelta(writer);
    }

    protected override void WriteText(ReadOnlySpan<byte> text) => WriteDelta("content"u8, text);

    protected override void WriteRefusal(ReadOnlySpan<byte> text) => WriteDelta("refusal"u8, text);

    protected override void WriteThinking(ReadOnlySpan<byte> text) => WriteDelta("reasoning_content"u8, text);

    protected override void WriteSeal(Seal seal)
    {
        // Chat completions have no field in which a client would bring it back.
    }

    protected override void WriteBeginCall(string id, string name, Seal? seal)
    {
        CompleteCall();
        _call++;
        _lacksArguments = true;
        var writer = BeginCallDelta();
        writer.WriteString("id"u8, id);
        writer.WriteString("type"u8, "function"u8);
        writer.WriteStartObject("function"u8);
        writer.WriteString("name"u8, name);
        writer.WriteString("arguments"u8, ""u8);
        writer.WriteEndObject();
        ChatThinking.WriteSeal(writer, seal);
        EndCallDelta(writer);
    }

    protected override void WriteArguments(ReadOnlySpan<byte> json)
    {
        _lacksArguments = false;
        var writer = BeginCallDelta();
        writer.WriteStartObject("function"u8);
        writer.WriteString("arguments"u8, json);
        writer.WriteEndObject();
        EndCallDelta(writer);
    }

    protected override void WriteEnd()
    {
        CompleteCall();
        ChatChunks.WriteFinish(_events, Position, Output, StopReason);
        if (Position.WantsUsage)
        {
            ChatChunks.WriteUsage(_events, Position, Output, Usage);
        }

        EventText.WriteDone(Output);
    }

    // Clients parse the arguments even of a function that takes none.
    private void CompleteCall()
    {
        if (_lacksArguments)
        {
            WriteArguments("{}"u8);
        }
    }

    private void WriteDelta(ReadOnlySpan<byte> name, ReadOnlySpan<byte> text)
    {
        var writer = BeginDelta();
        writer.WriteString(name, text);
        EndDelta(writer);
    }

    private Utf8JsonWriter BeginDelta()
    {
        var writer = ChatChunks.Begin(_events, Position, Output);
        writer.WriteStartArray("choices"u8);
        writer.WriteStartObject();
        writer.WriteNumber("index"u8, 0);
        writer.WriteStartObject("delta"u8);
        return writer;
    }

    private void EndDelta(Utf8JsonWriter writer)
    {
        writer.WriteEndObject();
        writer.WriteNull("finish_reason"u8);
        writer.WriteEndObject();
        writer.WriteEndArray();
        _events.End();
    }

    private Utf8JsonWriter BeginCallDelta()
    {
        var writer = BeginDelta();
        writer.WriteStartArray("tool_calls"u8);
        writer.WriteStartObject();
        writer.WriteNumber("index"u8, _call);
        return writer;
    }

    private void EndCallDelta(Utf8JsonWriter writer)
    {
        writer.WriteEndObject();
        writer.WriteEndArray();
        EndDelta(writer);
    }
}
