using System.Text.Json;
using System.Text.Unicode;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Models.Requests;

/// <summary>
/// Reads a request to a model in one pass over its bytes, without a document. Strict where readers of the same bytes could disagree (names
/// said twice, half a surrogate pair, bytes after the end) and where a provider would be made to fetch something; what the gateway does not
/// need to know it leaves to the provider to judge.
/// </summary>
internal static class ModelRequestReader
{
    private const int MaxTags = 64;
    private const int MaxModelLength = 256;

    /// <param name="pathModel">The model that the URL names (Azure's deployments), which the body's own then yields to; null for none.</param>
    public static ModelReading Read(Wire wire, ReadOnlyMemory<byte> body, string? pathModel)
    {
        if (body.IsEmpty)
        {
            return Malformed("The body is empty. Send the request as one JSON object.");
        }

        if (!Utf8.IsValid(body.Span))
        {
            return Malformed("The body is not valid UTF-8.");
        }

        if (JsonText.HasLoneSurrogate(body.Span))
        {
            return Malformed("The body holds a \\u escape of half a surrogate pair, which is no character.");
        }

        var draft = new RequestDraft(wire, body.Span) { HasPathModel = pathModel is not null };
        try
        {
            return Root(ref draft) && Complete(ref draft, pathModel)
                ? new(draft.ToRequest(body, pathModel ?? draft.Model!), null, null)
                : new(null, draft.Walk.Refusal, draft.Walk.Param);
        }
        catch (JsonException e)
        {
            return Malformed($"The body is not valid JSON, or nested too deeply (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}).");
        }
        finally
        {
            draft.Dispose();
        }
    }

    private static ModelReading Malformed(string message) => new(null, new(RefusalKind.MalformedBody, message), null);

    private static bool Root(ref RequestDraft draft)
    {
        ref var walk = ref draft.Walk;
        walk.Json.Read();
        if (walk.Json.TokenType is not JsonTokenType.StartObject)
        {
            return walk.Fail("must be one JSON object.", kind: RefusalKind.MalformedBody);
        }

        draft.Start = (int)walk.Json.BytesConsumed;
        var opened = walk.Open();
        while (walk.NextName(opened))
        {
            draft.NameStart = (int)walk.Json.TokenStartIndex;
            var (name, member) = RootMembers.Find(draft.Wire, ref walk.Json);
            if (member is RootMember.Other && RootMembers.Resembled(draft.Wire, walk.Unescaped()) is { } meant)
            {
                return walk.Fail($"has a member that differs from \"{meant}\" by the case of its letters only; some readers take it for that.", kind: RefusalKind.MalformedBody);
            }

            walk.At(name);
            walk.Json.Read();
            if (!Member(ref draft, member))
            {
                return false;
            }

            walk.At("");
        }

        // Throws when anything but white space follows.
        walk.Json.Read();
        return walk.Refusal is null;
    }

    private static bool Member(ref RequestDraft draft, RootMember member)
    {
        ref var walk = ref draft.Walk;
        return member switch
        {
            RootMember.Model => Model(ref draft),
            RootMember.Stream => Stream(ref draft),
            RootMember.StreamOptions => StreamOptions(ref draft),
            RootMember.MaxTokens or RootMember.MaxCompletionTokens => Cap(ref draft, member),
            RootMember.Choices => Choices(ref draft),
            RootMember.Metadata => Metadata(ref draft),
            RootMember.EndUser => EndUser(ref draft),
            RootMember.Tier => Surcharges.Tier(ref draft),
            RootMember.WebSearch => Surcharges.WebSearch(ref draft),
            RootMember.DataSources => walk.Json.TokenType is JsonTokenType.Null || walk.Fail("is not served: the provider would read, with rights that are not yours, where the request says."),
            RootMember.Messages => MessageRules.Messages(ref draft),
            RootMember.Input => draft.Wire is Wire.Embeddings ? EmbeddingRules.Input(ref draft) : MessageRules.Input(ref draft),
            RootMember.Content => ContentWalk.Read(ref walk),
            RootMember.Schema => walk.Whole(),
            RootMember.Tools => ToolRules.Tools(ref draft),
            RootMember.McpServers => ToolRules.Servers(ref walk),
            RootMember.Stored or RootMember.Storing => MessageRules.State(ref draft, member),

            // Nobody here knows whether the model reads it: documents, or a template, of servers of open models.
            _ => walk.Text(),
        };
    }

    private static bool Complete(ref RequestDraft draft, string? pathModel)
    {
        ref var walk = ref draft.Walk;
        if (draft.Model is null && pathModel is null)
        {
            walk.At("model");
            return walk.Fail("is missing: name the model to use.");
        }

        if (draft.HasInput || (draft.Wire is Wire.Responses && draft.StateMember is not null))
        {
            return true;
        }

        walk.At(draft.Wire is Wire.Responses or Wire.Embeddings ? "input" : "messages");
        return walk.Fail("is missing.");
    }

    private static bool Model(ref RequestDraft draft)
    {
        ref var walk = ref draft.Walk;
        if (walk.Json.TokenType is not JsonTokenType.String || walk.Json.ValueSpan.IsEmpty)
        {
            // Clients of Azure that know no model send null or nothing in it; the URL's goes in its place.
            draft.ModelPlace = walk.Token;
            return (draft.HasPathModel && walk.Json.TokenType is JsonTokenType.String or JsonTokenType.Null) || walk.Fail("must be the name of a model.");
        }

        if (walk.Json.ValueSpan.Length > MaxModelLength)
        {
            return walk.Fail($"is longer than {MaxModelLength} bytes.");
        }

        draft.Model = walk.Json.GetString();
        draft.ModelPlace = walk.Token;
        return true;
    }

    private static bool Stream(ref RequestDraft draft)
    {
        draft.IsStream = draft.Walk.Json.TokenType is JsonTokenType.True;
        return draft.Walk.Json.TokenType is JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null || draft.Walk.Fail("must be true or false.");
    }

    private static bool StreamOptions(ref RequestDraft draft)
    {
        ref var walk = ref draft.Walk;
        draft.StreamOptionsName = draft.NameStart;
        var start = walk.Token.Start;
        if (walk.Json.TokenType is not JsonTokenType.StartObject)
        {
            draft.StreamOptions = walk.Token;
            return walk.Json.TokenType is JsonTokenType.Null || walk.Fail("must be an object.");
        }

        var opened = walk.Open();
        while (walk.NextName(opened))
        {
            draft.HasStreamOptions = true;
            var isUsage = walk.Json.ValueTextEquals("include_usage"u8);
            walk.Json.Read();
            if (!isUsage)
            {
                if (!walk.Silent())
                {
                    return false;
                }

                continue;
            }

            draft.IncludeUsage = walk.Token;
            draft.WantsUsage = walk.Json.TokenType is JsonTokenType.True;
            if (walk.Json.TokenType is not (JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null))
            {
                return walk.Fail("must be true or false.", "include_usage");
            }
        }

        draft.StreamOptions = new(start, (int)walk.Json.BytesConsumed);
        return walk.Refusal is null;
    }

    private static bool Cap(ref RequestDraft draft, RootMember member)
    {
        ref var walk = ref draft.Walk;
        long? amount = null;
        if (walk.Json.TokenType is not JsonTokenType.Null)
        {
            if (walk.Json.TokenType is not JsonTokenType.Number || !walk.Json.TryGetInt64(out var number) || number < 0)
            {
                return walk.Fail("must be a whole number, not negative.");
            }

            amount = number;
        }

        var cap = new RequestPlaces.Cap(walk.Token, amount);
        if (member is RootMember.MaxTokens)
        {
            draft.MaxTokens = cap;
        }
        else
        {
            draft.MaxCompletionTokens = cap;
            draft.MaxCompletionTokensName = draft.NameStart;
        }

        return true;
    }

    private static bool Choices(ref RequestDraft draft)
    {
        ref var walk = ref draft.Walk;
        if (walk.Json.TokenType is JsonTokenType.Null)
        {
            return true;
        }

        if (walk.Json.TokenType is not JsonTokenType.Number || !walk.Json.TryGetInt32(out var number) || number is < 1 or > 128)
        {
            return walk.Fail("must be a whole number from 1 to 128.");
        }

        draft.Choices = number;
        return true;
    }

    // The newer name goes before the older one, whichever comes first.
    private static bool EndUser(ref RequestDraft draft)
    {
        ref var walk = ref draft.Walk;
        if (walk.Json.TokenType is not JsonTokenType.String || walk.Json.ValueSpan.IsEmpty)
        {
            return walk.Silent();
        }

        if (draft.EndUser is null || walk.Member is "safety_identifier")
        {
            draft.EndUser = walk.Json.GetString();
        }

        return true;
    }

    private static bool Metadata(ref RequestDraft draft)
    {
        ref var walk = ref draft.Walk;
        if (walk.Json.TokenType is not JsonTokenType.StartObject)
        {
            return walk.Json.TokenType is JsonTokenType.Null || walk.Fail("must be an object.");
        }

        var opened = walk.Open();
        while (walk.NextName(opened))
        {
            if ((draft.Tags?.Count ?? 0) >= MaxTags)
            {
                return walk.Fail($"has more than {MaxTags} members.");
            }

            var name = walk.Json.GetString()!;
            walk.Json.Read();
            if (walk.Json.TokenType is JsonTokenType.String)
            {
                (draft.Tags ??= new(StringComparer.Ordinal))[name] = walk.Json.GetString()!;
            }
            else if (!walk.Silent())
            {
                return false;
            }
        }

        return walk.Refusal is null;
    }
}
