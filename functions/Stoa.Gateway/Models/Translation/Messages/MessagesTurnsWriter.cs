using System.Buffers;
using System.Text.Json;
using Stoa.Gateway.Models.Translation.Neutral;
using Stoa.Gateway.Models.Translation.Rules;

namespace Stoa.Gateway.Models.Translation.Messages;

/// <summary>Writes system prompt and conversation as Anthropic has them: sides alternate, results of tools come first in a user's turn.</summary>
internal sealed class MessagesTurnsWriter(Utf8JsonWriter writer, Prompt prompt, Losses losses)
{
    private static readonly SearchValues<char> IdLetters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");

    public void Write()
    {
        var turns = Conversation.Alternating(prompt, out var system);
        if (system.Count > 0)
        {
            writer.WritePropertyName("system"u8);
            WriteContent(system);
        }

        writer.WriteStartArray("messages"u8);
        foreach (var turn in turns)
        {
            WriteTurn(turn);
        }

        writer.WriteEndArray();
    }

    private void WriteTurn(Turn turn)
    {
        var parts = turn.Parts.Where(IsKept).ToList();
        if (parts.Count == 0)
        {
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("role"u8, turn.Role is TurnRole.Assistant ? "assistant"u8 : "user"u8);
        writer.WritePropertyName("content"u8);
        WriteContent([.. parts.Where(p => p is ToolResultPart), .. parts.Where(p => p is not ToolResultPart)]);
        writer.WriteEndObject();
    }

    // Anthropic refuses empty text, and reasoning that it did not sign.
    private bool IsKept(Part part)
    {
        switch (part)
        {
            case TextPart { Text.IsEmpty: true } or RefusalPart { Text.IsEmpty: true }:
                return false;
            case ThinkingPart { Seal: not { Maker: SealMaker.Anthropic or SealMaker.AnthropicRedacted } }:
                prompt.Lose(Feature.ThinkingHistory, losses);
                return false;
            default:
                return true;
        }
    }

    private void WriteContent(IReadOnlyList<Part> parts)
    {
        if (parts is [TextPart only])
        {
            only.Text.WriteTo(writer);
            return;
        }

        writer.WriteStartArray();
        foreach (var part in parts)
        {
            writer.WriteStartObject();
            WriteBlock(part);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private void WriteBlock(Part part)
    {
        switch (part)
        {
            case TextPart text:
                WriteText(text.Text);
                break;
            case RefusalPart refusal:
                WriteText(refusal.Text);
                break;
            case ThinkingPart thinking:
                WriteThinking(thinking);
                break;
            case ToolCallPart call:
                writer.WriteString("type"u8, "tool_use"u8);
                writer.WriteString("id"u8, CleanId(call.Id));
                call.Name.WriteTo(writer, "name"u8);
                writer.WritePropertyName("input"u8);
                call.Arguments.WriteObject(writer);
                break;
            case ToolResultPart result:
                WriteResult(result);
                break;
            default:
                MessagesMediaWriter.Write(writer, prompt, part);
                break;
        }
    }

    private void WriteText(Text text)
    {
        writer.WriteString("type"u8, "text"u8);
        text.WriteTo(writer, "text"u8);
    }

    private void WriteThinking(ThinkingPart thinking)
    {
        var seal = thinking.Seal.GetValueOrDefault();
        if (seal.Maker is SealMaker.AnthropicRedacted)
        {
            writer.WriteString("type"u8, "redacted_thinking"u8);
            writer.WriteString("data"u8, seal.Value);
            return;
        }

        writer.WriteString("type"u8, "thinking"u8);
        thinking.Text.WriteTo(writer, "thinking"u8);
        writer.WriteString("signature"u8, seal.Value);
    }

    private void WriteResult(ToolResultPart result)
    {
        writer.WriteString("type"u8, "tool_result"u8);
        writer.WriteString("tool_use_id"u8, CleanId(result.CallId));
        var content = result.Content.Where(p => p is not TextPart { Text.IsEmpty: true }).ToList();
        if (content.Count > 0)
        {
            writer.WritePropertyName("content"u8);
            WriteContent(content);
        }

        if (result.IsError)
        {
            writer.WriteBoolean("is_error"u8, true);
        }
    }

    // Some servers of open models make ids with other letters, such as functions.search:0.
    private static string CleanId(Text id)
    {
        var text = id.ToString();
        return text.AsSpan().IndexOfAnyExcept(IdLetters) < 0 ? text : string.Concat(text.Select(c => IdLetters.Contains(c) ? c : '_'));
    }
}
