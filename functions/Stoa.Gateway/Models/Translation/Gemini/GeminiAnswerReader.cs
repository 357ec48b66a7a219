using System.Text.Json;
using Stoa.Gateway.Models.Translation.Neutral;

namespace Stoa.Gateway.Models.Translation.Gemini;

/// <summary>Takes a generateContent answer apart: its first candidate, or that the prompt was blocked.</summary>
internal static class GeminiAnswerReader
{
    /// <returns>Null with a complaint when it is none.</returns>
    public static Reply? Read(JsonElement root, string answerId, out string? complaint)
    {
        complaint = null;
        var usage = GeminiUsage.Read(root.Get("usageMetadata"u8));
        var candidate = root.Get("candidates"u8).Items().FirstOrDefault();
        if (candidate.ValueKind != JsonValueKind.Object)
        {
            if (root.Get("promptFeedback"u8).Get("blockReason"u8).IsGiven())
            {
                return new Reply([], StopReason.Filtered, default, usage);
            }

            complaint = root.Get("error"u8) is var error && error.IsGiven() ? AnswerErrors.Complain(error) : "the provider's answer has no candidate";
            return null;
        }

        var parts = new List<Part>();
        var calls = 0;
        foreach (var part in candidate.Get("content"u8).Get("parts"u8).Items())
        {
            Seal? seal = part.Get("thoughtSignature"u8).AsString() is { } signature ? new Seal(SealMaker.Gemini, signature) : null;
            var text = part.Get("text"u8).AsText();
            if (part.Get("thought"u8).IsTrue())
            {
                parts.Add(new ThinkingPart(text, seal));
            }
            else if (!text.IsEmpty)
            {
                parts.Add(new TextPart(text));
            }

            var call = part.Get("functionCall"u8);
            if (call.Get("name"u8).IsString())
            {
                var id = call.Get("id"u8).IsString() ? call.Get("id"u8).AsText() : new Text(GeminiIds.OfCall(answerId, calls));
                parts.Add(new ToolCallPart(id, call.Get("name"u8).AsText(), new ToolArguments(call.Get("args"u8)), seal));
                calls++;
            }
        }

        return new Reply(parts, GeminiStops.Read(candidate.Get("finishReason"u8).AsString(), calls > 0), default, usage);
    }
}
