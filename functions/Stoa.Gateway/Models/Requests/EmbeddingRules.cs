using System.Text.Json;

namespace Stoa.Gateway.Models.Requests;

/// <summary><c>input</c> of embeddings: a text, texts, a text already cut into tokens, or several of those.</summary>
internal static class EmbeddingRules
{
    private const string Form = "must be a text, an array of texts, or an array of token numbers.";

    public static bool Input(ref RequestDraft draft)
    {
        ref var walk = ref draft.Walk;
        draft.HasInput = true;
        if (walk.Json.TokenType is JsonTokenType.String)
        {
            draft.Messages = 1;
            return walk.Text();
        }

        if (walk.Json.TokenType is not JsonTokenType.StartArray)
        {
            return walk.Fail(Form);
        }

        while (walk.Json.Read() && walk.Json.TokenType is not JsonTokenType.EndArray)
        {
            draft.Messages++;
            var isRead = walk.Json.TokenType switch
            {
                JsonTokenType.String => walk.Text(),
                JsonTokenType.Number => Count(ref draft),
                JsonTokenType.StartArray => Tokens(ref draft),
                _ => walk.Fail(Form),
            };
            if (!isRead)
            {
                return false;
            }
        }

        return draft.Messages > 0 || walk.Fail("must not be empty.");
    }

    private static bool Tokens(ref RequestDraft draft)
    {
        while (draft.Walk.Json.Read() && draft.Walk.Json.TokenType is not JsonTokenType.EndArray)
        {
            if (draft.Walk.Json.TokenType is not JsonTokenType.Number)
            {
                return draft.Walk.Fail(Form);
            }

            draft.TokenIds++;
        }

        return true;
    }

    private static bool Count(ref RequestDraft draft)
    {
        draft.TokenIds++;
        return true;
    }
}
