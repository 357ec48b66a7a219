using System.Text.Json;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Models.Translation.Neutral;

namespace Stoa.Gateway.Models.Translation.Responses;

/// <summary>
/// The response object around its output. What it usually repeats of the request (tools, sampling) is not known where answers are translated,
/// so the defaults stand there.
/// </summary>
internal static class ResponseObject
{
    /// <param name="tellsRefusal">Whether the output says that the model declined; otherwise only the status can.</param>
    public static string StatusOf(StopReason reason, bool tellsRefusal) =>
        reason is StopReason.MaxTokens or StopReason.ContextFull or StopReason.Filtered || (reason is StopReason.Refused && !tellsRefusal)
            ? "incomplete" : "completed";

    /// <param name="output">Writes the value of <c>output</c>, an array.</param>
    public static void Write(Utf8JsonWriter writer, in Head head, Action<Utf8JsonWriter> output)
    {
        writer.WriteString("id"u8, head.Id);
        writer.WriteString("object"u8, "response"u8);
        writer.WriteNumber("created_at"u8, head.CreatedAt);
        writer.WriteString("status"u8, head.Status);
        writer.WriteBoolean("background"u8, false);
        WriteError(writer, head.Error);
        WriteIncomplete(writer, head);
        writer.WriteNull("instructions"u8);
        writer.WriteNull("max_output_tokens"u8);
        writer.WriteStartObject("metadata"u8);
        writer.WriteEndObject();
        writer.WriteString("model"u8, head.Model);
        writer.WritePropertyName("output"u8);
        output(writer);
        writer.WriteBoolean("parallel_tool_calls"u8, true);
        writer.WriteNull("previous_response_id"u8);
        writer.WriteBoolean("store"u8, false);
        writer.WriteNull("temperature"u8);
        writer.WriteString("tool_choice"u8, "auto"u8);
        writer.WriteStartArray("tools"u8);
        writer.WriteEndArray();
        writer.WriteNull("top_p"u8);
        if (head.Usage is { } usage)
        {
            ResponsesUsage.Write(writer, usage);
        }
        else
        {
            writer.WriteNull("usage"u8);
        }
    }

    public static void WriteNoOutput(Utf8JsonWriter writer)
    {
        writer.WriteStartArray();
        writer.WriteEndArray();
    }

    private static void WriteError(Utf8JsonWriter writer, ModelFailure? failure)
    {
        if (failure is null)
        {
            writer.WriteNull("error"u8);
            return;
        }

        writer.WriteStartObject("error"u8);
        writer.WriteString("code"u8, failure.Kind switch
        {
            ModelFailureKind.RateLimited => "rate_limit_exceeded"u8,
            ModelFailureKind.RequestRefused => "invalid_prompt"u8,
            _ => "server_error"u8,
        });
        writer.WriteString("message"u8, failure.Message);
        writer.WriteEndObject();
    }

    private static void WriteIncomplete(Utf8JsonWriter writer, in Head head)
    {
        if (head.Status is not "incomplete")
        {
            writer.WriteNull("incomplete_details"u8);
            return;
        }

        writer.WriteStartObject("incomplete_details"u8);
        writer.WriteString("reason"u8, head.Stop is StopReason.Filtered or StopReason.Refused ? "content_filter"u8 : "max_output_tokens"u8);
        writer.WriteEndObject();
    }

    /// <param name="Usage">Null while the answer is under way.</param>
    internal readonly record struct Head(string Id, long CreatedAt, string Model, string Status, StopReason Stop, TokenUsage? Usage, ModelFailure? Error);
}
