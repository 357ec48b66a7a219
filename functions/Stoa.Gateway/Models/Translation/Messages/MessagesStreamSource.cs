using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Models.Translation.Neutral;

namespace Stoa.Gateway.Models.Translation.Messages;

/// <summary>Reads the events of a message stream. Which event it is says its <c>type</c>; the name on the event line says the same.</summary>
internal sealed class MessagesStreamSource(StreamSink sink) : StreamSource(sink)
{
    private TokenUsage _usage;

    public override string? Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (NextMember(ref reader))
        {
            if (reader.ValueTextEquals("type"u8))
            {
                reader.Read();
                return reader.ValueTextEquals("content_block_delta"u8) ? ReadBlockDelta(json) : ReadRare(json);
            }

            SkipValue(ref reader);
        }

        return "the provider sent an event without a type";
    }

    // The one that comes for every few words.
    private string? ReadBlockDelta(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (NextMember(ref reader))
        {
            if (!reader.ValueTextEquals("delta"u8))
            {
                SkipValue(ref reader);
                continue;
            }

            reader.Read();
            if (Enter(ref reader) && !ReadDelta(ref reader))
            {
                return "the provider sent arguments of a tool call outside of one";
            }
        }

        return null;
    }

    private bool ReadDelta(ref Utf8JsonReader reader)
    {
        while (NextMember(ref reader))
        {
            // The member names the kind of delta as well as its type does.
            if (reader.ValueTextEquals("text"u8))
            {
                Sink.Text(Text(ref reader));
            }
            else if (reader.ValueTextEquals("partial_json"u8))
            {
                if (!Sink.Arguments(Text(ref reader)))
                {
                    return false;
                }
            }
            else if (reader.ValueTextEquals("thinking"u8))
            {
                Sink.Thinking(Text(ref reader));
            }
            else if (reader.ValueTextEquals("signature"u8))
            {
                if (String(ref reader) is { Length: > 0 } signature)
                {
                    Sink.SealThinking(new Seal(SealMaker.Anthropic, signature));
                }
            }
            else
            {
                SkipValue(ref reader);
            }
        }

        return true;
    }

    private string? ReadRare(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        var data = JsonElement.ParseValue(ref reader);
        switch (data.Get("type"u8).AsString())
        {
            case "message_start":
                _usage = MessagesUsage.Read(data.Get("message"u8).Get("usage"u8));
                Sink.Count(_usage with { Output = 0 });
                Sink.Begin();
                return null;
            case "content_block_start":
                return ReadBlockStart(data.Get("content_block"u8));
            case "message_delta":
                ReadMessageDelta(data);
                return null;
            case "error":
                return AnswerErrors.Complain(data.Get("error"u8));
            default:
                // ping, content_block_stop, message_stop, and what is yet to be invented.
                return null;
        }
    }

    private string? ReadBlockStart(JsonElement block)
    {
        switch (block.Get("type"u8).AsString())
        {
            case "tool_use":
                if (block.Get("id"u8).AsString() is not { } id || block.Get("name"u8).AsString() is not { } name)
                {
                    return "the provider began a tool call without an id or a name";
                }

                Sink.BeginCall(id, name, null);
                if (block.Get("input"u8) is { ValueKind: JsonValueKind.Object } input && input.EnumerateObject().Any())
                {
                    Sink.Arguments(JsonMarshal.GetRawUtf8Value(input));
                }

                break;
            case "redacted_thinking" when block.Get("data"u8).AsString() is { } hidden:
                Sink.SealThinking(new Seal(SealMaker.AnthropicRedacted, hidden));
                break;
            case "text" when block.Get("text"u8).AsString() is { } text:
                Sink.Text(Encoding.UTF8.GetBytes(text));
                break;
            default:
                break;
        }

        return null;
    }

    private void ReadMessageDelta(JsonElement data)
    {
        var delta = data.Get("delta"u8);
        if (data.Get("usage"u8) is var usage && usage.IsGiven())
        {
            _usage = MessagesUsage.Read(usage, _usage);
            Sink.Count(_usage);
        }

        if (delta.Get("stop_reason"u8).AsString() is { } reason)
        {
            Sink.Stop(MessagesStops.Read(reason), delta.Get("stop_sequence"u8).AsString());
        }
    }
}
