using System.Text.Json;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Models.Translation.Gemini;

/// <summary>The <c>usageMetadata</c> of Gemini, where thoughts stand beside candidates and results of tools beside the prompt.</summary>
internal static class GeminiUsage
{
    public static TokenUsage Read(JsonElement usage)
    {
        var thoughts = usage.Get("thoughtsTokenCount"u8).AsCount();
        return new TokenUsage(
            usage.Get("promptTokenCount"u8).AsCount() + usage.Get("toolUsePromptTokenCount"u8).AsCount(),
            usage.Get("candidatesTokenCount"u8).AsCount() + thoughts)
        {
            CacheRead = usage.Get("cachedContentTokenCount"u8).AsCount(),
            Reasoning = thoughts,
            AudioInput = Audio(usage.Get("promptTokensDetails"u8)),
            AudioOutput = Audio(usage.Get("candidatesTokensDetails"u8)),
        };
    }

    private static long Audio(JsonElement details) =>
        details.Items().Where(d => d.Get("modality"u8).Is("AUDIO"u8)).Sum(d => d.Get("tokenCount"u8).AsCount());
}
