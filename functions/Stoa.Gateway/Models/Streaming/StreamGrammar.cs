using System.Text.Json;
using Stoa.Gateway.Models.Answers;

namespace Stoa.Gateway.Models.Streaming;

/// <summary>How each wire begins, ends and breaks a stream of events.</summary>
internal static class StreamGrammar
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 256 };

    /// <summary>Whether a stream may end without an event that says so.</summary>
    public static bool EndsByClosing(Wire wire) => wire is Wire.Gemini;

    public static bool IsDone(ReadOnlySpan<byte> data) => data.Trim((byte)' ').SequenceEqual("[DONE]"u8);

    /// <summary>What an event is, told by its name where the wire gives one.</summary>
    public static EventRole RoleOf(Wire wire, in StreamEvent found, in EventGlance glance)
    {
        switch (wire)
        {
            case Wire.Messages:
                var type = found.Name.IsEmpty ? TypeOf(found.Data) : found.Name;
                return type.SequenceEqual("message_stop"u8) ? EventRole.End : type.SequenceEqual("error"u8) ? EventRole.Error : EventRole.Part;

            case Wire.Responses:
                type = found.Name.IsEmpty ? TypeOf(found.Data) : found.Name;
                return type.SequenceEqual("response.completed"u8) || type.SequenceEqual("response.incomplete"u8) ? EventRole.End
                    : type.SequenceEqual("response.failed"u8) || type.SequenceEqual("response.cancelled"u8) || type.SequenceEqual("error"u8) ? EventRole.Error
                    : EventRole.Part;

            default:
                return glance.HasError && ErrorBody.IsError(found.Data) ? EventRole.Error : EventRole.Part;
        }
    }

    /// <summary>Follows the content blocks of messages and the numbers of responses.</summary>
    public static void Follow(Wire wire, in StreamEvent found, in EventGlance glance, StreamPosition position)
    {
        if (glance.SequenceNumber >= 0)
        {
            position.SequenceNumber = glance.SequenceNumber;
        }

        if (wire is not Wire.Messages || glance.Index < 0)
        {
            return;
        }

        var type = found.Name.IsEmpty ? TypeOf(found.Data) : found.Name;
        if (type.SequenceEqual("content_block_start"u8))
        {
            position.OpenBlock = glance.Index;
        }
        else if (type.SequenceEqual("content_block_stop"u8))
        {
            position.OpenBlock = null;
        }
    }

    /// <summary>
    /// Judges the first event, on which it hangs whether this provider answers at all: null when it is JSON and of the wire, and no error.
    /// Takes note of who speaks.
    /// </summary>
    public static ModelFailure? Open(Wire wire, in StreamEvent found, StreamPosition position)
    {
        var head = new Head();
        try
        {
            var json = new Utf8JsonReader(found.Data, Options);
            if (json.Read() && json.TokenType is JsonTokenType.StartObject)
            {
                Read(ref json, ref head, position);
                json.Read();
            }
        }
        catch (JsonException)
        {
            return Nonsense("The provider's stream does not begin with JSON.");
        }

        if (head.HasError || found.Name.SequenceEqual("error"u8))
        {
            return ErrorBody.Inside(wire, found.Data);
        }

        var isOfWire = wire switch
        {
            Wire.Chat => head.HasChoices,
            Wire.Messages => position.Id is not null || head.IsPing,
            Wire.Responses => head.IsResponse,
            Wire.Gemini => head.HasCandidates,
            _ => false,
        };
        return isOfWire ? null : Nonsense("The provider's stream does not begin as its protocol says.");
    }

    /// <summary>Whether the chunk is there for its usage alone: <c>choices</c> is empty.</summary>
    public static bool IsUsageOnly(ReadOnlySpan<byte> data)
    {
        try
        {
            var json = new Utf8JsonReader(data, Options);
            json.Read();
            while (json.Read() && json.TokenType is JsonTokenType.PropertyName)
            {
                var isChoices = json.ValueTextEquals("choices"u8);
                json.Read();
                if (isChoices)
                {
                    return json.TokenType is JsonTokenType.StartArray && json.Read() && json.TokenType is JsonTokenType.EndArray;
                }

                json.Skip();
            }
        }
        catch (JsonException)
        {
            return false;
        }

        return false;
    }

    public static bool IsJson(ReadOnlySpan<byte> data)
    {
        try
        {
            var json = new Utf8JsonReader(data, Options);
            return json.Read() && json.TrySkip() && !json.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    public static ModelFailure Nonsense(string message) => new(502, ModelFailureKind.Nonsense, message);

    private static void Read(ref Utf8JsonReader json, ref Head head, StreamPosition position)
    {
        while (json.Read() && json.TokenType is JsonTokenType.PropertyName)
        {
            var name = json.ValueSpan;
            json.Read();
            switch (json.TokenType)
            {
                case JsonTokenType.String:
                    Text(name, ref json, ref head, position);
                    break;
                case JsonTokenType.Number when name.SequenceEqual("created"u8) || name.SequenceEqual("created_at"u8):
                    position.Created = json.TryGetInt64(out var created) ? created : 0;
                    break;
                case JsonTokenType.Number when name.SequenceEqual("sequence_number"u8):
                    position.SequenceNumber = json.TryGetInt64(out var number) ? number : 0;
                    break;
                case JsonTokenType.StartObject when name.SequenceEqual("message"u8) || name.SequenceEqual("response"u8):
                    var inner = new Head();
                    Read(ref json, ref inner, position);
                    head.HasError |= inner.HasError;
                    break;
                default:
                    head.HasChoices |= name.SequenceEqual("choices"u8) && json.TokenType is JsonTokenType.StartArray;
                    head.HasCandidates |= name.SequenceEqual("candidates"u8) || name.SequenceEqual("usageMetadata"u8) || name.SequenceEqual("promptFeedback"u8);
                    head.HasError |= name.SequenceEqual("error"u8) && json.TokenType is not JsonTokenType.Null;
                    json.Skip();
                    break;
            }
        }
    }

    private static void Text(ReadOnlySpan<byte> name, ref Utf8JsonReader json, ref Head head, StreamPosition position)
    {
        if (name.SequenceEqual("id"u8) || name.SequenceEqual("responseId"u8))
        {
            position.Id = json.GetString();
        }
        else if (name.SequenceEqual("model"u8) || name.SequenceEqual("modelVersion"u8))
        {
            position.Model = json.GetString()!;
        }
        else if (name.SequenceEqual("type"u8))
        {
            head.HasError |= json.ValueTextEquals("error"u8) || json.ValueTextEquals("response.failed"u8);
            head.IsPing |= json.ValueTextEquals("ping"u8);
            head.IsResponse |= json.ValueSpan.StartsWith("response."u8);
        }
        else if (name.SequenceEqual("error"u8))
        {
            head.HasError = true;
        }
    }

    /// <summary>The root's <c>type</c>, for servers that leave the event's name out.</summary>
    private static ReadOnlySpan<byte> TypeOf(ReadOnlySpan<byte> data)
    {
        try
        {
            var json = new Utf8JsonReader(data, Options);
            json.Read();
            while (json.Read() && json.TokenType is JsonTokenType.PropertyName)
            {
                var isType = json.ValueTextEquals("type"u8);
                json.Read();
                if (isType)
                {
                    return json.TokenType is JsonTokenType.String ? json.ValueSpan : default;
                }

                json.Skip();
            }
        }
        catch (JsonException)
        {
            return default;
        }

        return default;
    }

    private struct Head
    {
        public bool HasChoices;
        public bool HasCandidates;
        public bool HasError;
        public bool IsPing;
        public bool IsResponse;
    }
}

/// <summary>What an event means for the stream it is in.</summary>
internal enum EventRole
{
    Part,

    /// <summary>The last one.</summary>
    End,

    /// <summary>The last one, and the answer is not whole.</summary>
    Error,
}
