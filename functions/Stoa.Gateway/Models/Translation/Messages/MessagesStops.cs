using System.Text.Json;
using Stoa.Gateway.Models.Translation.Neutral;

namespace Stoa.Gateway.Models.Translation.Messages;

/// <summary><c>stop_reason</c> and <c>stop_sequence</c>.</summary>
internal static class MessagesStops
{
    public static StopReason Read(string? reason) => reason switch
    {
        "max_tokens" => StopReason.MaxTokens,
        "model_context_window_exceeded" => StopReason.ContextFull,
        "stop_sequence" => StopReason.StopSequence,
        "tool_use" => StopReason.ToolUse,
        "pause_turn" => StopReason.Paused,
        "refusal" => StopReason.Refused,
        _ => StopReason.Done,
    };

    public static void Write(Utf8JsonWriter writer, StopReason reason, string? sequence)
    {
        writer.WriteString("stop_reason"u8, Word(reason));
        writer.WriteString("stop_sequence"u8, sequence);
    }

    private static ReadOnlySpan<byte> Word(StopReason reason) => reason switch
    {
        StopReason.MaxTokens => "max_tokens"u8,
        StopReason.ContextFull => "model_context_window_exceeded"u8,
        StopReason.StopSequence => "stop_sequence"u8,
        StopReason.ToolUse => "tool_use"u8,
        StopReason.Paused => "pause_turn"u8,
        StopReason.Refused or StopReason.Filtered => "refusal"u8,
        _ => "end_turn"u8,
    };
}
