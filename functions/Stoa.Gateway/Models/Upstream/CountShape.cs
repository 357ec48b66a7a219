using System.Text.Json;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Tools.Answers;

namespace Stoa.Gateway.Models.Upstream;

/// <summary>Whether an answer is Anthropic's count of tokens: <c>{"input_tokens": 14}</c>.</summary>
internal static class CountShape
{
    /// <summary>What is wrong with it, to follow "an answer that makes no sense:"; null when nothing is.</summary>
    public static string? Complaint(ReadOnlySpan<byte> body)
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
}
