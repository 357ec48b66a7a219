using System.Text;
using System.Text.Json;
using Stoa.Gateway.Models.Translation.Neutral;

namespace Stoa.Gateway.Models.Translation.Chat;

/// <summary>Reads chunks of chat completions, of OpenAI and of the servers that imitate it.</summary>
internal sealed class ChatStreamSource(StreamSink sink) : StreamSource(sink)
{
    private const string Orphan = "the provider went on with a tool call after it had begun something else";

    // Pieces of calls are told apart by index; servers that always say 0 start the next call with another id.
    private int _index = -1;
    private string? _callId;
    private int _unnamed;

    public override string? Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        var isChunk = false;
        string? complaint = null;
        reader.Read();
        while (complaint is null && NextMember(ref reader))
        {
            if (reader.ValueTextEquals("choices"u8))
            {
                isChunk = true;
                complaint = ReadChoices(ref reader);
            }
            else if (reader.ValueTextEquals("usage"u8))
            {
                isChunk = true;
                var usage = Element(ref reader);
                if (usage.ValueKind == JsonValueKind.Object)
                {
                    Sink.Count(ChatUsage.Read(usage));
                }
            }
            else if (reader.ValueTextEquals("error"u8))
            {
                var error = Element(ref reader);
                complaint = error.IsGiven() ? AnswerErrors.Complain(error) : null;
            }
            else
            {
                SkipValue(ref reader);
            }
        }

        return complaint ?? (isChunk ? null : "the provider sent an event that is no chunk of a chat completion");
    }

    private string? ReadChoices(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return null;
        }

        string? complaint = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (Enter(ref reader))
            {
                Sink.Begin();
                complaint ??= ReadChoice(ref reader);
            }

            if (complaint is not null)
            {
                break;
            }
        }

        return complaint;
    }

    private string? ReadChoice(ref Utf8JsonReader reader)
    {
        string? complaint = null;
        string? finish = null;
        while (complaint is null && NextMember(ref reader))
        {
            if (reader.ValueTextEquals("delta"u8))
            {
                reader.Read();
                complaint = Enter(ref reader) ? ReadDelta(ref reader) : null;
            }
            else if (reader.ValueTextEquals("finish_reason"u8))
            {
                finish = String(ref reader);
            }
            else
            {
                SkipValue(ref reader);
            }
        }

        if (complaint is null && finish is not null)
        {
            Sink.Stop(finish is "stop" && _callId is not null ? StopReason.ToolUse : ChatStops.Read(finish));
        }

        return complaint;
    }

    private string? ReadDelta(ref Utf8JsonReader reader)
    {
        string? complaint = null;
        while (complaint is null && NextMember(ref reader))
        {
            if (reader.ValueTextEquals("content"u8))
            {
                ReadContent(ref reader);
            }
            else if (reader.ValueTextEquals("reasoning_content"u8) || reader.ValueTextEquals("reasoning"u8))
            {
                Sink.Thinking(Text(ref reader));
            }
            else if (reader.ValueTextEquals("refusal"u8))
            {
                Sink.Refusal(Text(ref reader));
            }
            else if (reader.ValueTextEquals("tool_calls"u8))
            {
                complaint = ReadCalls(Element(ref reader));
            }
            else
            {
                SkipValue(ref reader);
            }
        }

        return complaint;
    }

    // Mistral's reasoning models stream parts instead of a string.
    private void ReadContent(ref Utf8JsonReader reader)
    {
        var peek = reader;
        if (peek.Read() && peek.TokenType != JsonTokenType.StartArray)
        {
            Sink.Text(Text(ref reader));
            return;
        }

        foreach (var part in Element(ref reader).Items())
        {
            Sink.Text(Encoding.UTF8.GetBytes(part.Get("text"u8).AsString() ?? ""));
            foreach (var thought in part.Get("thinking"u8).Items())
            {
                Sink.Thinking(Encoding.UTF8.GetBytes(thought.Get("text"u8).AsString() ?? ""));
            }
        }
    }

    private string? ReadCalls(JsonElement calls)
    {
        foreach (var call in calls.Items())
        {
            var index = (int)Math.Clamp(call.Get("index"u8).AsLong() ?? Math.Max(_index, 0), 0, int.MaxValue);
            var id = call.Get("id"u8).AsString() is { Length: > 0 } given ? given : null;
            var function = call.Get("function"u8);
            if (_callId is null || index > _index || (id is not null && id != _callId))
            {
                if (function.Get("name"u8).AsString() is not { Length: > 0 } name)
                {
                    return "the provider began a tool call without a name";
                }

                _index = Math.Max(index, _index);
                _callId = id ?? $"call_{_unnamed++}";
                Sink.BeginCall(_callId, name, ChatThinking.SealOf(call));
            }
            else if (index < _index)
            {
                return Orphan;
            }

            if (!Sink.Arguments(Encoding.UTF8.GetBytes(function.Get("arguments"u8).AsString() ?? "")))
            {
                return Orphan;
            }
        }

        return null;
    }
}
