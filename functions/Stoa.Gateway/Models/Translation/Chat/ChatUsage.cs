using System.Text.Json;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Models.Translation.Chat;

/// <summary>The <c>usage</c> of chat completions: details are contained in their wholes, as they are in <see cref="TokenUsage"/>.</summary>
internal static class ChatUsage
{
    public static TokenUsage Read(JsonElement usage)
    {
        var input = usage.Get("prompt_tokens_details"u8);
        var output = usage.Get("completion_tokens_details"u8);
        return new TokenUsage(usage.Get("prompt_tokens"u8).AsCount(), usage.Get("completion_tokens"u8).AsCount())
        {
            CacheRead = input.Get("cached_tokens"u8).AsCount(),
            CacheWrite = input.Get("cache_write_tokens"u8).AsCount(),
            AudioInput = input.Get("audio_tokens"u8).AsCount(),
            AudioOutput = output.Get("audio_tokens"u8).AsCount(),
            Reasoning = output.Get("reasoning_tokens"u8).AsCount(),
        };
    }

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
