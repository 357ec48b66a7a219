using System.Text.Json;
using Stoa.Gateway.Models.Translation.Neutral;
using Stoa.Gateway.Models.Translation.Rules;

namespace Stoa.Gateway.Models.Translation.Chat;

/// <summary>Writes the conversation as chat messages.</summary>
internal sealed class ChatMessagesWriter(Utf8JsonWriter writer, Prompt prompt, ChatDialect dialect, Losses losses)
{
    private readonly ChatPartsWriter _parts = new(writer, prompt);

    public void Write()
    {
        writer.WriteStartArray("messages"u8);
        if (prompt.System.Count > 0)
        {
            // "system" and not "developer": every server knows it, and OpenAI takes one for the other.
            WriteMessage("system"u8, [.. prompt.System.Select(t => new TextPart(t))]);
        }

        foreach (var turn in prompt.Turns)
        {
            switch (turn.Role)
            {
                case TurnRole.Assistant:
                    WriteAssistant(turn.Parts);
                    break;
                case TurnRole.System:
                    WriteMessage("system"u8, turn.Parts);
                    break;
                default:
                    WriteUser(turn.Parts);
                    break;
            }
        }

        writer.WriteEndArray();
    }

    private void WriteMessage(ReadOnlySpan<byte> role, IReadOnlyList<Part> content)
    {
        writer.WriteStartObject();
        writer.WriteString("role"u8, role);
        writer.WritePropertyName("content"u8);
        _parts.Write(content);
        writer.WriteEndObject();
    }

    // Results of tools come first, each its own message and text only; what they hold besides text follows as if the user showed it.
    private void WriteUser(List<Part> parts)
    {
        var rest = new List<Part>();
        foreach (var part in parts)
        {
            if (part is ToolResultPart result)
            {
                WriteToolResult(result);
                rest.AddRange(result.Content.Where(p => p is not TextPart));
            }
        }

        rest.AddRange(parts.Where(p => p is not ToolResultPart));
        if (rest.Count > 0)
        {
            WriteMessage("user"u8, rest);
        }
    }

    private void WriteToolResult(ToolResultPart result)
    {
        writer.WriteStartObject();
        writer.WriteString("role"u8, "tool"u8);
        writer.WriteString("tool_call_id"u8, dialect.CallId(result.CallId.ToString()));
        writer.WritePropertyName("content"u8);
        _parts.Write([.. result.Content.OfType<TextPart>()]);
        writer.WriteEndObject();
    }

    private void WriteAssistant(List<Part> parts)
    {
        var said = parts.FindAll(p => p is TextPart { Text.IsEmpty: false } or RefusalPart);
        var calls = parts.OfType<ToolCallPart>().ToList();
        if (said.Count == 0 && calls.Count == 0)
        {
            LoseThinking(parts);
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("role"u8, "assistant"u8);
        WriteThinking(parts);
        writer.WritePropertyName("content"u8);
        if (said.Count == 0)
        {
            writer.WriteNullValue();
        }
        else
        {
            _parts.Write(said);
        }

        if (calls.Count > 0)
        {
            writer.WriteStartArray("tool_calls"u8);
            calls.ForEach(WriteCall);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private void WriteThinking(List<Part> parts)
    {
        var thoughts = parts.OfType<ThinkingPart>().Where(t => !t.Text.IsEmpty).ToList();
        if (!dialect.HasExtensions || thoughts.Count == 0)
        {
            LoseThinking(parts);
            return;
        }

        writer.WriteString("reasoning_content"u8, string.Concat(thoughts.Select(t => t.Text.ToString())));
    }

    private void LoseThinking(List<Part> parts)
    {
        if (parts.Exists(p => p is ThinkingPart))
        {
            prompt.Lose(Feature.ThinkingHistory, losses);
        }
    }

    private void WriteCall(ToolCallPart call)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, dialect.CallId(call.Id.ToString()));
        OpenAITools.WriteFunction(writer, call);
        if (dialect.HasExtensions)
        {
            ChatThinking.WriteSeal(writer, call.Seal);
        }

        writer.WriteEndObject();
    }
}
