using System.Buffers;
using Stoa.Gateway.Models.Streaming;
using Stoa.Gateway.Models.Translation.Chat;
using Stoa.Gateway.Models.Translation.Messages;
using Stoa.Gateway.Models.Translation.Neutral;
using Stoa.Gateway.Models.Translation.Responses;

namespace Stoa.Gateway.Models.Translation;

/// <summary>Ends a stream that has begun and cannot go on, in the grammar of its wire. Idempotent through <see cref="StreamPosition.HasEnded"/>.</summary>
internal static class StreamEnding
{
    /// <summary>The wire's own error event; after it comes nothing, not even <c>[DONE]</c>.</summary>
    public static void WriteError(Wire wire, StreamPosition position, ModelFailure failure, IBufferWriter<byte> output)
    {
        if (!Take(position))
        {
            return;
        }

        var events = new EventText();
        switch (wire)
        {
            case Wire.Messages:
                WriteMessagesError(events, failure, output);
                break;
            case Wire.Responses:
                WriteResponse(position, "response.failed", "failed", failure, output);
                break;
            default:
                WriteChatError(events, failure, output);
                break;
        }
    }

    /// <summary>Ends as if the answer's own bound were reached, which is what happened: the caller's allowance is used up.</summary>
    public static void WriteCut(Wire wire, StreamPosition position, IBufferWriter<byte> output)
    {
        if (!Take(position))
        {
            return;
        }

        var events = new EventText();
        switch (wire)
        {
            case Wire.Messages:
                if (position.OpenBlock is { } open)
                {
                    MessagesEvents.WriteBlockStop(events, output, open);
                    position.OpenBlock = null;
                }

                MessagesEvents.WriteStop(events, output, StopReason.MaxTokens, null, position.Usage);
                break;
            case Wire.Responses:
                WriteResponse(position, "response.incomplete", "incomplete", null, output);
                break;
            default:
                ChatChunks.WriteFinish(events, position, output, StopReason.MaxTokens);
                if (position.WantsUsage)
                {
                    ChatChunks.WriteUsage(events, position, output, position.Usage);
                }

                EventText.WriteDone(output);
                break;
        }
    }

    private static bool Take(StreamPosition position)
    {
        var isFirst = !position.HasEnded;
        position.HasEnded = true;
        return isFirst;
    }

    private static void WriteChatError(EventText events, ModelFailure failure, IBufferWriter<byte> output)
    {
        var writer = events.Begin(output);
        writer.WriteStartObject("error"u8);
        writer.WriteString("message"u8, failure.Message);
        writer.WriteString("type"u8, failure.Kind switch
        {
            ModelFailureKind.RequestRefused => "invalid_request_error"u8,
            ModelFailureKind.RateLimited => "rate_limit_error"u8,
            _ => "server_error"u8,
        });
        writer.WriteString("param"u8, failure.Param);
        writer.WriteString("code"u8, failure.Code ?? Word(failure.Kind));
        writer.WriteEndObject();
        events.End();
    }

    private static void WriteMessagesError(EventText events, ModelFailure failure, IBufferWriter<byte> output)
    {
        var writer = events.Begin(output, "error"u8);
        writer.WriteString("type"u8, "error"u8);
        writer.WriteStartObject("error"u8);
        writer.WriteString("type"u8, failure.Kind switch
        {
            ModelFailureKind.RequestRefused => "invalid_request_error"u8,
            ModelFailureKind.RateLimited => "rate_limit_error"u8,
            ModelFailureKind.Unavailable => "overloaded_error"u8,
            ModelFailureKind.TimedOut => "timeout_error"u8,
            _ => "api_error"u8,
        });
        writer.WriteString("message"u8, failure.Message);
        writer.WriteEndObject();
        events.End();
    }

    private static void WriteResponse(StreamPosition position, string name, string status, ModelFailure? failure, IBufferWriter<byte> output) =>
        new ResponsesEvents(position).WriteResponse(
            output,
            name,
            new ResponseObject.Head(position.Id ?? "", position.Created, position.Model, status, StopReason.MaxTokens, position.Usage, failure),
            ResponseObject.WriteNoOutput);

    private static string Word(ModelFailureKind kind) => kind switch
    {
        ModelFailureKind.RequestRefused => "invalid_request",
        ModelFailureKind.RateLimited => "rate_limit_exceeded",
        ModelFailureKind.Unavailable => "upstream_unavailable",
        ModelFailureKind.TimedOut => "upstream_timeout",
        ModelFailureKind.CredentialRefused => "upstream_credential_refused",
        _ => "upstream_error",
    };
}
