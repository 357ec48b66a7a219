using System.Buffers;
using Stoa.Gateway.Models.Streaming;
using Stoa.Gateway.Models.Translation.Chat;
using Stoa.Gateway.Models.Translation.Gemini;
using Stoa.Gateway.Models.Translation.Messages;
using Stoa.Gateway.Models.Translation.Neutral;
using Stoa.Gateway.Models.Translation.Responses;
using StreamSource = Stoa.Gateway.Models.Translation.Neutral.StreamSource;

namespace Stoa.Gateway.Models.Translation;

/// <summary>Rewrites the events of one stream from the wire of the provider to the wire of the door. One per stream; not for two threads.</summary>
internal sealed class StreamTranslation
{
    private readonly StreamSource _source;
    private readonly StreamSink _sink;

    /// <param name="wantsUsage">Chat: whether the caller asked for a last chunk with usage. Other wires always tell it.</param>
    /// <param name="estimatedInput">Input tokens, for grammars that tell them first while the provider tells them last.</param>
    public StreamTranslation(Wire from, Wire to, AnswerTerms terms, bool wantsUsage, long estimatedInput)
    {
        Position = new StreamPosition { Model = terms.Model, WantsUsage = wantsUsage };
        _sink = to switch
        {
            Wire.Chat => new ChatStreamSink(terms, Position, estimatedInput),
            Wire.Messages => new MessagesStreamSink(terms, Position, estimatedInput),
            Wire.Responses => new ResponsesStreamSink(terms, Position, estimatedInput),
            _ => throw new ArgumentOutOfRangeException(nameof(to), to, "No door answers in this wire by translation."),
        };
        _source = from switch
        {
            Wire.Chat => new ChatStreamSource(_sink),
            Wire.Messages => new MessagesStreamSource(_sink),
            Wire.Gemini => new GeminiStreamSource(_sink, terms.Id),
            _ => throw new ArgumentOutOfRangeException(nameof(from), from, "No provider is spoken to in this wire by translation."),
        };
    }

    /// <summary>What the caller has been told so far.</summary>
    public StreamPosition Position { get; }

    /// <summary>One event of the provider's; writes none, one or several of the door's, each with its blank line.</summary>
    /// <returns>False with a complaint, which is about the provider, when the event is not of that wire or is an error; nothing is written then.</returns>
    public bool TryWrite(ReadOnlySpan<byte> eventName, ReadOnlySpan<byte> data, IBufferWriter<byte> output, out string? complaint)
    {
        _ = eventName;
        complaint = null;
        if (Position.HasEnded || data.IsEmpty || data.SequenceEqual("[DONE]"u8))
        {
            // The end is written when the relay says so: usage may follow what looks like it.
            return true;
        }

        if (!JsonReading.IsObject(data))
        {
            complaint = "the provider sent an event that is not a JSON object";
            return false;
        }

        _sink.Output = output;
        complaint = _source.Read(data);
        return complaint is null;
    }

    /// <summary>Writes what ends the stream, unless that has been written.</summary>
    public void End(IBufferWriter<byte> output)
    {
        _sink.Output = output;
        _sink.End();
    }

    /// <summary>Ends the stream as if the answer's own bound were reached: what is open is closed as the door's grammar wants it.</summary>
    public void Cut(IBufferWriter<byte> output)
    {
        _sink.Output = output;
        _sink.Stop(StopReason.MaxTokens);
        _sink.End();
    }
}
