using System.Text.Json;

namespace Stoa.Gateway.Models.Requests;

/// <summary>What makes a request cost more than its tokens do by the table: a tier of service, and tools that the provider runs and charges for.</summary>
internal static class Surcharges
{
    // The slower tiers cost less than what is calculated with.
    public static bool Tier(ref RequestDraft draft)
    {
        ref var walk = ref draft.Walk;
        draft.AsksForMore |= walk.Json.TokenType is JsonTokenType.String
            && walk.Json.GetString() is not ("" or "auto" or "default" or "standard" or "standard_only" or "flex" or "batch" or "global");
        return walk.Silent();
    }

    public static bool WebSearch(ref RequestDraft draft)
    {
        draft.AsksForMore |= draft.Walk.Json.TokenType is not JsonTokenType.Null;
        return draft.Walk.Text();
    }

    /// <summary>Whether there is one on a tool of this type; versions are a part of such names.</summary>
    public static bool IsOn(ReadOnlySpan<byte> toolType) =>
        toolType.StartsWith("web_search"u8) || toolType.StartsWith("file_search"u8) || toolType.StartsWith("code_"u8) || toolType.StartsWith("image_generation"u8)
        || toolType.StartsWith("shell"u8) || toolType.SequenceEqual("document_library"u8);
}
