using System.Runtime.InteropServices;
using System.Text.Json;
using Stoa.Gateway.Models.Translation.Neutral;

namespace Stoa.Gateway.Models.Translation.Gemini;

/// <summary>Reads the answers that a Gemini stream consists of: each holds the parts that are new and the usage up to now.</summary>
/// <param name="id">To make ids of for calls that have none.</param>
internal sealed class GeminiStreamSource(StreamSink sink, string id) : StreamSource(sink)
{
    private int _calls;
    private bool _hasBegun;

    public override string? Read(ReadOnlySpan<byte> json)
    {
        if (!_hasBegun)
        {
            // The first answer tells what went in, behind its candidates; a message begins with it.
            _hasBegun = true;
            CountFirst(json);
        }

        var reader = new Utf8JsonReader(json);
        var isAnswer = false;
        var isBlocked = false;
        string? finish = null;
        reader.Read();
        while (NextMember(ref reader))
        {
            if (reader.ValueTextEquals("candidates"u8))
            {
                isAnswer = true;
                finish = ReadCandidates(ref reader) ?? finish;
            }
            else if (reader.ValueTextEquals("usageMetadata"u8))
            {
                isAnswer = true;
                Sink.Count(GeminiUsage.Read(Element(ref reader)));
            }
            else if (reader.ValueTextEquals("promptFeedback"u8))
            {
                isAnswer = true;
                isBlocked = Element(ref reader).Get("blockReason"u8).IsGiven();
            }
            else if (reader.ValueTextEquals("error"u8))
            {
                return AnswerErrors.Complain(Element(ref reader));
            }
            else
            {
                SkipValue(ref reader);
            }
        }

        if (finish is not null || isBlocked)
        {
            Sink.Stop(isBlocked ? StopReason.Filtered : GeminiStops.Read(finish, _calls > 0));
        }

        return isAnswer ? null : "the provider sent an event that is no generateContent answer";
    }

    private void CountFirst(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (NextMember(ref reader))
        {
            if (reader.ValueTextEquals("usageMetadata"u8))
            {
                Sink.Count(GeminiUsage.Read(Element(ref reader)));
                return;
            }

            SkipValue(ref reader);
        }
    }

    private string? ReadCandidates(ref Utf8JsonReader reader)
    {
        string? finish = null;
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return null;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (!Enter(ref reader))
            {
                continue;
            }

            Sink.Begin();
            while (NextMember(ref reader))
            {
                if (reader.ValueTextEquals("content"u8))
                {
                    ReadContent(ref reader);
                }
                else if (reader.ValueTextEquals("finishReason"u8))
                {
                    finish = String(ref reader);
                }
                else
                {
                    SkipValue(ref reader);
                }
            }
        }

        return finish;
    }

    private void ReadContent(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (!Enter(ref reader))
        {
            return;
        }

        while (NextMember(ref reader))
        {
            if (!reader.ValueTextEquals("parts"u8))
            {
                SkipValue(ref reader);
                continue;
            }

            reader.Read();
            if (reader.TokenType != JsonTokenType.StartArray)
            {
                reader.Skip();
                continue;
            }

            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (Enter(ref reader))
                {
                    ReadPart(ref reader);
                }
            }
        }
    }

    private void ReadPart(ref Utf8JsonReader reader)
    {
        scoped ReadOnlySpan<byte> text = default;
        JsonElement call = default;
        string? signature = null;
        var isThought = false;
        while (NextMember(ref reader))
        {
            if (reader.ValueTextEquals("text"u8))
            {
                text = Text(ref reader);
            }
            else if (reader.ValueTextEquals("thought"u8))
            {
                reader.Read();
                isThought = reader.TokenType == JsonTokenType.True;
                reader.Skip();
            }
            else if (reader.ValueTextEquals("thoughtSignature"u8))
            {
                signature = String(ref reader);
            }
            else if (reader.ValueTextEquals("functionCall"u8))
            {
                call = Element(ref reader);
            }
            else
            {
                SkipValue(ref reader);
            }
        }

        Tell(text, isThought, call, signature is null ? null : new Seal(SealMaker.Gemini, signature));
    }

    private void Tell(ReadOnlySpan<byte> text, bool isThought, JsonElement call, Seal? seal)
    {
        if (!text.IsEmpty && isThought)
        {
            Sink.Thinking(text);
        }
        else if (!text.IsEmpty)
        {
            Sink.Text(text);
        }

        if (isThought && seal is { } mark)
        {
            Sink.SealThinking(mark);
        }

        if (call.Get("name"u8).AsString() is { } name)
        {
            Sink.BeginCall(call.Get("id"u8).AsString() ?? GeminiIds.OfCall(id, _calls), name, seal);
            _calls++;
            Sink.Arguments(call.Get("args"u8) is { ValueKind: JsonValueKind.Object } args
                ? JsonMarshal.GetRawUtf8Value(args)
                : "{}"u8);
        }
    }
}
