using Stoa.Gateway.Models.Translation.Neutral;

namespace Stoa.Gateway.Models.Translation.Gemini;

/// <summary><c>finishReason</c>, which does not tell that a function is called.</summary>
internal static class GeminiStops
{
    public static StopReason Read(string? reason, bool callsTools) => reason switch
    {
        "MAX_TOKENS" => StopReason.MaxTokens,
        "SAFETY" or "RECITATION" or "LANGUAGE" or "BLOCKLIST" or "PROHIBITED_CONTENT" or "SPII" or "IMAGE_SAFETY"
            or "IMAGE_PROHIBITED_CONTENT" or "IMAGE_RECITATION" => StopReason.Filtered,
        _ => callsTools ? StopReason.ToolUse : StopReason.Done,
    };
}
