using System.Text.Json;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Tools.Answers;

namespace Stoa.Gateway.Models.Upstream;

/// <summary>Whether a whole answer is what its wire says: JSON, an object, with the member without which it is no answer.</summary>
internal static class AnswerShape
{
    /// <summary>What is wrong with it, to follow "an answer that makes no sense:"; null when nothing is.</summary>
    public static string? Complaint(Wire wire, ReadOnlySpan<byte> body)
    {
        if (!JsonBody.TryRead(body, out var form))
        {
            return "it is not JSON";
        }

        if (form is not AnswerForm.JsonObject)
        {
            return "it is not a JSON object";
        }

        var reader = new Utf8JsonReader(body, JsonBody.ReaderOptions);
        reader.Read();
        var (hasError, hasContent) = (false, false);
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var isError = reader.ValueTextEquals("error"u8);
            var isContent = IsContent(wire, ref reader);
            reader.Read();
            hasError |= isError && reader.TokenType is not JsonTokenType.Null;
            hasContent |= isContent;
            reader.Skip();
        }

        // A response that failed carries both its output and its error, and is an answer all the same.
        return hasContent && (!hasError || wire is Wire.Responses) ? null
            : hasError ? "it holds an error although its status is a success"
            : $"it is no {NameOf(wire)}";
    }

    /// <summary>The same of Anthropic's count of tokens.</summary>
    public static string? CountComplaint(ReadOnlySpan<byte> body)
    {
        if (!JsonBody.TryRead(body, out var form) || form is not AnswerForm.JsonObject)
        {
            return "it is not a JSON object";
        }

        var reader = new Utf8JsonReader(body, JsonBody.ReaderOptions);
        reader.Read();
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var isCount = reader.ValueTextEquals("input_tokens"u8);
            reader.Read();
            if (isCount && reader.TokenType is JsonTokenType.Number)
            {
                return null;
            }

            reader.Skip();
        }

        return "it holds no count of tokens";
    }

    private static bool IsContent(Wire wire, ref Utf8JsonReader reader) => wire switch
    {
        Wire.Chat => reader.ValueTextEquals("choices"u8),
        Wire.Messages => reader.ValueTextEquals("content"u8),
        Wire.Responses => reader.ValueTextEquals("output"u8),
        Wire.Embeddings => reader.ValueTextEquals("data"u8),

        // A prompt that was blocked has no candidates, and says so.
        _ => reader.ValueTextEquals("candidates"u8) || reader.ValueTextEquals("promptFeedback"u8),
    };

    private static string NameOf(Wire wire) => wire switch
    {
        Wire.Chat => "chat completion",
        Wire.Messages => "message",
        Wire.Responses => "response",
        Wire.Embeddings => "list of embeddings",
        _ => "Gemini answer",
    };
}
