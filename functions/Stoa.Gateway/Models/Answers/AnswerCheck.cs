using System.Text.Json;
using Stoa.Gateway.Egress;
using Stoa.Gateway.Models.Streaming;

namespace Stoa.Gateway.Models.Answers;

/// <summary>Whether the body of a successful answer is one: JSON, of the wire, and not an error that came with status 200.</summary>
internal static class AnswerCheck
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 256 };

    /// <summary>Null when it is an answer.</summary>
    public static ModelFailure? Read(Wire wire, ContentKind content, ReadOnlySpan<byte> body)
    {
        var root = new Root();
        try
        {
            var json = new Utf8JsonReader(body, Options);
            if (!json.Read() || json.TokenType is not JsonTokenType.StartObject)
            {
                return StreamGrammar.Nonsense("The provider's answer is not a JSON object.");
            }

            Members(ref json, ref root);

            // Throws when anything but white space follows.
            json.Read();
        }
        catch (JsonException)
        {
            var isPage = content.Is("text/html") || body.TrimStart(" \t\r\n"u8).StartsWith("<"u8);
            return StreamGrammar.Nonsense(isPage
                ? "The provider's address answers with a web page; an administrator has to check the LlmProvider's baseUrl."
                : "The provider's answer is not JSON.");
        }

        if (root.IsOf(wire))
        {
            return null;
        }

        return root.HasError ? ErrorBody.Inside(wire, body) : StreamGrammar.Nonsense("The provider's answer does not have the form that its protocol asks for.");
    }

    private static void Members(ref Utf8JsonReader json, ref Root root)
    {
        while (json.Read() && json.TokenType is JsonTokenType.PropertyName)
        {
            var name = json.ValueSpan;
            json.Read();
            var isArray = json.TokenType is JsonTokenType.StartArray;
            root.HasChoices |= isArray && name.SequenceEqual("choices"u8);
            root.HasContent |= isArray && name.SequenceEqual("content"u8);
            root.HasOutput |= isArray && name.SequenceEqual("output"u8);
            root.HasData |= isArray && name.SequenceEqual("data"u8);
            root.HasCandidates |= name.SequenceEqual("candidates"u8) || name.SequenceEqual("promptFeedback"u8);
            root.HasError |= json.TokenType is not JsonTokenType.Null && name.SequenceEqual("error"u8);
            root.HasError |= json.TokenType is JsonTokenType.String && json.ValueTextEquals("error"u8)
                && (name.SequenceEqual("object"u8) || name.SequenceEqual("type"u8));
            json.Skip();
        }
    }

    private struct Root
    {
        public bool HasChoices;
        public bool HasContent;
        public bool HasOutput;
        public bool HasData;
        public bool HasCandidates;
        public bool HasError;

        /// <summary>A failed response of OpenAI's has both an error and an empty output: it is not an answer.</summary>
        public readonly bool IsOf(Wire wire) => !HasError && wire switch
        {
            Wire.Chat => HasChoices,
            Wire.Messages => HasContent,
            Wire.Responses => HasOutput,
            Wire.Embeddings => HasData,
            Wire.Gemini => HasCandidates,
            _ => false,
        };
    }
}
