using System.Text.Json;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Models.Translation.Messages;

/// <summary>Writes the <c>usage</c> of messages, where cached tokens stand beside <c>input_tokens</c> and not in them.</summary>
internal static class MessagesUsage
{
    public static void Write(Utf8JsonWriter writer, TokenUsage usage, long output)
    {
        writer.WriteStartObject("usage"u8);
        writer.WriteNumber("input_tokens"u8, Math.Max(0, usage.Input - usage.CacheRead - usage.CacheWrite));
        writer.WriteNumber("cache_creation_input_tokens"u8, usage.CacheWrite);
        writer.WriteNumber("cache_read_input_tokens"u8, usage.CacheRead);
        writer.WriteNumber("output_tokens"u8, output);
        if (usage.Reasoning > 0)
        {
            writer.WriteStartObject("output_tokens_details"u8);
            writer.WriteNumber("thinking_tokens"u8, usage.Reasoning);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }
}
