using System.Text.Json;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Models.Translation.Messages;

/// <summary>The <c>usage</c> of messages, where cached tokens stand beside <c>input_tokens</c> and not in them.</summary>
internal static class MessagesUsage
{
    /// <param name="before">In streams a later report leaves out what has not changed.</param>
    public static TokenUsage Read(JsonElement usage, TokenUsage before = default)
    {
        var read = usage.Get("cache_read_input_tokens"u8).AsLong() ?? before.CacheRead;
        var write = usage.Get("cache_creation_input_tokens"u8).AsLong() ?? before.CacheWrite;
        var fresh = usage.Get("input_tokens"u8).AsLong() ?? (before.Input - before.CacheRead - before.CacheWrite);
        return new TokenUsage(Math.Max(0, fresh) + Math.Max(0, read) + Math.Max(0, write), usage.Get("output_tokens"u8).AsLong() is { } output ? Math.Max(0, output) : before.Output)
        {
            CacheRead = Math.Max(0, read),
            CacheWrite = Math.Max(0, write),
            CacheWriteHour = usage.Get("cache_creation"u8).Get("ephemeral_1h_input_tokens"u8).AsLong() ?? before.CacheWriteHour,
            Reasoning = usage.Get("output_tokens_details"u8).Get("thinking_tokens"u8).AsLong() ?? before.Reasoning,
        };
    }

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
