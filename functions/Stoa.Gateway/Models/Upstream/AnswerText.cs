using System.Text.Json;

namespace Stoa.Gateway.Models.Upstream;

/// <summary>How much of a whole answer the model has written: texts, reasoning and arguments of tools, without the envelope around them.</summary>
internal static class AnswerText
{
    private static readonly string[] Texts = ["content", "text", "arguments", "thinking", "reasoning", "reasoning_content", "refusal"];
    private static readonly string[] Arguments = ["input", "args"];

    /// <summary>In bytes, escapes as written. The body is JSON already.</summary>
    public static long Bytes(ReadOnlySpan<byte> body)
    {
        var bytes = 0L;
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 256 });
        while (reader.Read())
        {
            if (reader.TokenType is not JsonTokenType.PropertyName)
            {
                continue;
            }

            var (isText, isArguments) = (IsAny(ref reader, Texts), IsAny(ref reader, Arguments));
            reader.Read();
            if (isText && reader.TokenType is JsonTokenType.String)
            {
                bytes += reader.ValueSpan.Length;
            }
            else if (isArguments && reader.TokenType is JsonTokenType.StartObject)
            {
                var start = reader.TokenStartIndex;
                reader.Skip();
                bytes += reader.BytesConsumed - start;
            }
        }

        return bytes;
    }

    private static bool IsAny(ref Utf8JsonReader reader, string[] names)
    {
        foreach (var name in names)
        {
            if (reader.ValueTextEquals(name))
            {
                return true;
            }
        }

        return false;
    }
}
