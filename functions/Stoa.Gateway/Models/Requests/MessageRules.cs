using System.Text.Json;

namespace Stoa.Gateway.Models.Requests;

/// <summary>What messages and items of input must look like for any provider to make sense of them; the rest is the provider's to judge.</summary>
internal static class MessageRules
{
    /// <summary><c>messages</c> of chat completions and of Anthropic.</summary>
    public static bool Messages(ref RequestDraft draft)
    {
        ref var walk = ref draft.Walk;
        if (walk.Json.TokenType is not JsonTokenType.StartArray)
        {
            return walk.Fail("must be an array of messages.");
        }

        while (walk.Json.Read() && walk.Json.TokenType is not JsonTokenType.EndArray)
        {
            walk.At("messages", draft.Messages++);
            if (walk.Json.TokenType is not JsonTokenType.StartObject)
            {
                return walk.Fail("must be an object.");
            }

            if (!Message(ref walk))
            {
                return false;
            }
        }

        walk.At("messages");
        draft.HasInput = true;
        return draft.Messages > 0 || walk.Fail("must hold at least one message.");
    }

    /// <summary><c>input</c> of responses: a text, or items of many kinds.</summary>
    public static bool Input(ref RequestDraft draft)
    {
        ref var walk = ref draft.Walk;
        draft.HasInput = true;
        switch (walk.Json.TokenType)
        {
            case JsonTokenType.String:
                draft.Messages = 1;
                return walk.Text();
            case JsonTokenType.Null:
                draft.HasInput = false;
                return true;
            case not JsonTokenType.StartArray:
                return walk.Fail("must be a text or an array of items.");
        }

        while (walk.Json.Read() && walk.Json.TokenType is not JsonTokenType.EndArray)
        {
            walk.At("input", draft.Messages++);
            if (walk.Json.TokenType is not JsonTokenType.StartObject)
            {
                return walk.Fail("must be an object.");
            }

            if (!Item(ref draft))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Members of responses that lean on the provider's storage.</summary>
    public static bool State(ref RequestDraft draft, RootMember member)
    {
        ref var walk = ref draft.Walk;
        var isUsed = member is RootMember.Storing ? walk.Json.TokenType is JsonTokenType.True : walk.Json.TokenType is not JsonTokenType.Null;
        if (isUsed)
        {
            draft.StateMember ??= walk.Member;
        }

        // The variables of a stored prompt are text and media as in any message.
        return ContentWalk.Read(ref walk);
    }

    private static bool Message(ref RequestWalk walk)
    {
        var hasRole = false;
        var opened = walk.Open();
        while (walk.NextName(opened))
        {
            if (walk.Json.ValueTextEquals("role"u8))
            {
                walk.Json.Read();
                hasRole = walk.Json.TokenType is JsonTokenType.String;
                if (!hasRole)
                {
                    return walk.Fail("must be a text.", "role");
                }
            }
            else if (walk.Json.ValueTextEquals("content"u8))
            {
                walk.Json.Read();
                if (!Content(ref walk))
                {
                    return false;
                }
            }
            else if (!ContentWalk.Member(ref walk))
            {
                return false;
            }
        }

        return walk.Refusal is null && (hasRole || walk.Fail("is missing.", "role"));
    }

    private static bool Content(ref RequestWalk walk)
    {
        if (walk.Json.TokenType is JsonTokenType.String or JsonTokenType.Null)
        {
            return walk.Text();
        }

        if (walk.Json.TokenType is not JsonTokenType.StartArray)
        {
            return walk.Fail("must be a text or an array of parts.", "content");
        }

        while (walk.Json.Read() && walk.Json.TokenType is not JsonTokenType.EndArray)
        {
            if (walk.Json.TokenType is not JsonTokenType.StartObject)
            {
                return walk.Fail("must be an array of objects.", "content");
            }

            if (!ContentWalk.Read(ref walk))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Item(ref RequestDraft draft)
    {
        ref var walk = ref draft.Walk;
        var opened = walk.Open();
        while (walk.NextName(opened))
        {
            if (!walk.Json.ValueTextEquals("type"u8))
            {
                if (!ContentWalk.Member(ref walk))
                {
                    return false;
                }

                continue;
            }

            walk.Json.Read();
            if (walk.Json.TokenType is not JsonTokenType.String)
            {
                return walk.Fail("must be a text.", "type");
            }

            if (walk.Json.ValueTextEquals("item_reference"u8))
            {
                draft.StateMember ??= "item_reference";
            }
        }

        return walk.Refusal is null;
    }
}
