using System.Buffers;
using System.Text.Json;
using Stoa.Gateway.Models.Translation.Chat;
using Stoa.Gateway.Models.Translation.Gemini;
using Stoa.Gateway.Models.Translation.Messages;
using Stoa.Gateway.Models.Translation.Neutral;
using Stoa.Gateway.Models.Translation.Responses;

namespace Stoa.Gateway.Models.Translation;

/// <summary>Rewrites a whole answer from the wire of the provider to the wire of the door.</summary>
internal static class AnswerTranslation
{
    /// <returns>False with a complaint, which is about the provider, when the answer is not of that wire; nothing is written then.</returns>
    public static bool TryWrite(ReadOnlyMemory<byte> answer, Wire from, Wire to, in AnswerTerms terms, IBufferWriter<byte> output, out string? complaint)
    {
        using var document = JsonReading.ParseObject(answer);
        if (document is null)
        {
            complaint = "the provider's answer is not a JSON object in UTF-8";
            return false;
        }

        if (Read(from, document.RootElement, terms, out complaint) is not { } reply)
        {
            return false;
        }

        using var writer = JsonWriting.To(output);
        switch (to)
        {
            case Wire.Chat:
                ChatAnswerWriter.Write(writer, reply, terms);
                break;
            case Wire.Messages:
                MessagesAnswerWriter.Write(writer, reply, terms);
                break;
            case Wire.Responses:
                ResponsesAnswerWriter.Write(writer, reply, terms);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(to), to, "No door answers in this wire by translation.");
        }

        return true;
    }

    private static Reply? Read(Wire from, JsonElement root, AnswerTerms terms, out string? complaint) => from switch
    {
        Wire.Chat => ChatAnswerReader.Read(root, out complaint),
        Wire.Messages => MessagesAnswerReader.Read(root, out complaint),
        Wire.Gemini => GeminiAnswerReader.Read(root, terms.Id, out complaint),
        _ => throw new ArgumentOutOfRangeException(nameof(from), from, "No provider is spoken to in this wire by translation."),
    };
}
