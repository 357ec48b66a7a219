using System.Text.Json;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Models.Translation.Chat;

/// <summary>Writes the <c>usage</c> of chat completions: details are contained in their wholes, as they are in <see cref="TokenUsage"/>.</summary>
internal static class ChatUsage
{
    public static void Write(Utf8JsonWriter writer, TokenUsage usage)
    {
        writer.WriteStartObject("usage"u8);
        writer.WriteNumber("prompt_tokens"u8, usage.Input);
        writer.WriteNumber("completion_tokens"u8, usage.Output);
        writer.WriteNumber("total_tokens"u8, usage.Total);
        writer.WriteStartObject("prompt_tokens_details"u8);
        writer.WriteNumber("cached_tokens"u8, usage.CacheRead);
        if (usage.CacheWrite > 0)
        {
            writer.WriteNumber("cache_write_tokens"u8, usage.CacheWrite);
        }

        writer.WriteNumber("audio_tokens"u8, usage.AudioInput);
        writer.WriteEndObject();
        writer.WriteStartObject("completion_tokens_details"u8);
        writer.WriteNumber("reasoning_tokens"u8, usage.Reasoning);
        writer.WriteNumber("audio_tokens"u8, usage.AudioOutput);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
