using System.Text.Json;

namespace Stoa.Gateway.Models.Translation.Neutral;

/// <summary>
/// What members of requests must be, by the names that all wires share, where a wrong one would be passed over in silence: what is not
/// carried is told, and what cannot be understood cannot be carried.
/// </summary>
internal static class MemberTypes
{
    /// <summary>What the member of that name must be; null when it is.</summary>
    public static string? Complaint(string name, JsonElement value) => name switch
    {
        "temperature" or "top_p" or "top_k" or "seed" or "presence_penalty" or "frequency_penalty" or "n" or "top_logprobs"
            when value.ValueKind is not JsonValueKind.Number => "must be a number",
        "parallel_tool_calls" or "logprobs" or "store" or "background"
            when value.ValueKind is not (JsonValueKind.True or JsonValueKind.False) => "must be true or false",
        "tools" or "modalities" or "include" when value.ValueKind is not JsonValueKind.Array => "must be an array",
        "stop" when !value.IsString() && !AreStrings(value) => "must be a string or an array of strings",
        "stop_sequences" when !AreStrings(value) => "must be an array of strings",
        "instructions" when !value.IsString() => "must be a string",
        _ => null,
    };

    private static bool AreStrings(JsonElement value) => value.ValueKind is JsonValueKind.Array && value.EnumerateArray().All(i => i.IsString());
}
