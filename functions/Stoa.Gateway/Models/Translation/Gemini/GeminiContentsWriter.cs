using System.Text.Json;
using Stoa.Gateway.Models.Translation.Neutral;
using Stoa.Gateway.Models.Translation.Rules;

namespace Stoa.Gateway.Models.Translation.Gemini;

/// <summary>Writes system prompt and conversation as contents of two sides, <c>user</c> and <c>model</c>.</summary>
/// <param name="demandsSeals">Gemini 3 and later refuse calls of functions without the signature they gave them.</param>
internal sealed class GeminiContentsWriter(Utf8JsonWriter writer, Prompt prompt, Losses losses, bool demandsSeals)
{
    /// <summary>What Google documents for calls that another model made.</summary>
    private const string ForeignCall = "skip_thought_signature_validator";

    // Results name the function here; the other wires name the call only.
    private readonly Dictionary<string, string> _functions = [];

    public void Write()
    {
        var turns = Conversation.Alternating(prompt, out var system);
        if (system.Count > 0)
        {
            writer.WriteStartObject("systemInstruction"u8);
            writer.WriteStartArray("parts"u8);
            foreach (var part in system)
            {
                WritePart(part);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteStartArray("contents"u8);
        foreach (var turn in turns)
        {
            WriteTurn(turn);
        }

        writer.WriteEndArray();
    }

    private void WriteTurn(Turn turn)
    {
        var parts = turn.Parts.FindAll(IsKept);
        if (parts.Count == 0)
        {
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("role"u8, turn.Role is TurnRole.Assistant ? "model"u8 : "user"u8);
        writer.WriteStartArray("parts"u8);
        var isFirstCall = true;
        foreach (var part in Ordered(parts))
        {
            if (part is ToolCallPart call)
            {
                WriteCall(call, isFirstCall);
                isFirstCall = false;
            }
            else
            {
                WritePart(part);
            }
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    // Results stand together and first, as the calls did; media in them follow, because not every model takes them inside.
    private static IEnumerable<Part> Ordered(List<Part> parts)
    {
        var results = parts.OfType<ToolResultPart>().ToList();
        return results.Count == 0
            ? parts
            : [.. results, .. results.SelectMany(r => r.Content.Where(p => p is not TextPart)), .. parts.Where(p => p is not ToolResultPart)];
    }

    private bool IsKept(Part part)
    {
        if (part is ThinkingPart { Seal: not { Maker: SealMaker.Gemini } })
        {
            prompt.Lose(Feature.ThinkingHistory, losses);
            return false;
        }

        return part is not (TextPart { Text.IsEmpty: true } or RefusalPart { Text.IsEmpty: true } or ThinkingPart { Text.IsEmpty: true });
    }

    // Of several calls at once only the first is signed.
    private void WriteCall(ToolCallPart call, bool isFirst)
    {
        var id = call.Id.ToString();
        _functions[id] = call.Name.ToString();
        writer.WriteStartObject();
        writer.WriteStartObject("functionCall"u8);
        writer.WriteString("id"u8, id);
        call.Name.WriteTo(writer, "name"u8);
        writer.WritePropertyName("args"u8);
        call.Arguments.WriteObject(writer);
        writer.WriteEndObject();
        if (call.Seal is { Maker: SealMaker.Gemini, Value: var signature })
        {
            writer.WriteString("thoughtSignature"u8, signature);
        }
        else if (demandsSeals && isFirst)
        {
            writer.WriteString("thoughtSignature"u8, ForeignCall);
        }

        writer.WriteEndObject();
    }

    private void WritePart(Part part)
    {
        if (part is ToolResultPart result)
        {
            WriteResult(result);
            return;
        }

        writer.WriteStartObject();
        switch (part)
        {
            case TextPart text:
                text.Text.WriteTo(writer, "text"u8);
                break;
            case RefusalPart refusal:
                refusal.Text.WriteTo(writer, "text"u8);
                break;
            case TextDocument document:
                document.Text.WriteTo(writer, "text"u8);
                break;
            case ThinkingPart thinking:
                thinking.Text.WriteTo(writer, "text"u8);
                writer.WriteBoolean("thought"u8, true);
                writer.WriteString("thoughtSignature"u8, thinking.Seal.GetValueOrDefault().Value);
                break;
            case InlineMedia media:
                writer.WriteStartObject("inlineData"u8);
                writer.WriteString("mimeType"u8, media.MediaType);
                writer.WritePropertyName("data"u8);
                media.Data.WriteTo(writer);
                writer.WriteEndObject();
                break;
            case LinkedMedia link:
                writer.WriteStartObject("fileData"u8);
                if (MediaTypes.OfLink(link) is { } type)
                {
                    writer.WriteString("mimeType"u8, type);
                }

                link.Url.WriteTo(writer, "fileUri"u8);
                writer.WriteEndObject();
                break;
            default:
                throw new InvalidOperationException($"{part.GetType().Name} is no part of a content.");
        }

        writer.WriteEndObject();
    }

    private void WriteResult(ToolResultPart result)
    {
        var id = result.CallId.ToString();
        writer.WriteStartObject();
        writer.WriteStartObject("functionResponse"u8);
        writer.WriteString("id"u8, id);
        writer.WriteString("name"u8, _functions.GetValueOrDefault(id) ?? (result.Name.IsEmpty ? id : result.Name.ToString()));
        writer.WriteStartObject("response"u8);
        writer.WritePropertyName(result.IsError ? "error"u8 : "output"u8);
        var texts = result.Content.OfType<TextPart>().ToList();
        (texts is [var only] ? only.Text : new Text(string.Concat(texts.Select(t => t.Text.ToString())))).WriteTo(writer);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
