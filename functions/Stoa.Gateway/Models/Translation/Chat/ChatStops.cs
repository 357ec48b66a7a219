using System.Text.Json;
using Stoa.Gateway.Models.Translation.Neutral;

namespace Stoa.Gateway.Models.Translation.Chat;

/// <summary><c>finish_reason</c>.</summary>
internal static class ChatStops
{
    public static StopReason Read(string? reason) => reason switch
    {
        "length" or "model_length" => StopReason.MaxTokens,
        "tool_calls" or "function_call" => StopReason.ToolUse,
        "content_filter" => StopReason.Filtered,
        _ => StopReason.Done,
    };

    public static void Write(Utf8JsonWriter writer, StopReason reason) => writer.WriteString("finish_reason"u8, Word(reason));

    private static ReadOnlySpan<byte> Word(StopReason reason) => reason switch
    {
        StopReason.MaxTokens or StopReason.ContextFull => "length"u8,
        StopReason.ToolUse => "tool_calls"u8,
        StopReason.Refused or StopReason.Filtered => "content_filter"u8,
        _ => "stop"u8,
    };
}
