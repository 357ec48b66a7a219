using System.Buffers;
using System.Text.Json;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Models.Requests;
using Stoa.Gateway.Models.Translation.Chat;
using Stoa.Gateway.Models.Translation.Gemini;
using Stoa.Gateway.Models.Translation.Messages;
using Stoa.Gateway.Models.Translation.Neutral;
using Stoa.Gateway.Models.Translation.Responses;
using Stoa.Gateway.Models.Translation.Rules;

namespace Stoa.Gateway.Models.Translation;

/// <summary>Rewrites a request from the wire of the door to the wire of the provider; <c>docs/llm-translation.md</c> has every rule.</summary>
internal static class RequestTranslation
{
    /// <returns>Null when it is written; else why it cannot be, and the output is not to be used.</returns>
    /// <param name="losses">What was left out, by the caller's own field paths, each once.</param>
    public static Refusal? TryWrite(ModelRequest request, Wire to, in RequestTerms terms, IBufferWriter<byte> output, out IReadOnlyList<string> losses)
    {
        var left = new Losses();
        losses = left.Paths;
        using var document = JsonReading.ParseObject(request.Body);
        if (document is null)
        {
            return new Refusal(RefusalKind.MalformedBody, "The body must be one JSON object in UTF-8.");
        }

        var prompt = Read(request.Wire, document.RootElement);
        if ((prompt.Fault ?? Judge(prompt, to, left)) is { } refusal)
        {
            return refusal;
        }

        using var writer = JsonWriting.To(output);
        switch (to)
        {
            case Wire.Chat:
                new ChatRequestWriter(writer, prompt, terms, left).Write();
                break;
            case Wire.Messages:
                new MessagesRequestWriter(writer, prompt, terms, left).Write();
                break;
            case Wire.Gemini:
                new GeminiRequestWriter(writer, prompt, terms, left).Write();
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(to), to, "No provider is spoken to in this wire by translation.");
        }

        // A writer finds out last what a medium's type, or the provider behind the wire, does not allow.
        return prompt.Fault;
    }

    private static Prompt Read(Wire from, JsonElement root) => from switch
    {
        Wire.Chat => ChatRequestReader.Read(root),
        Wire.Messages => MessagesRequestReader.Read(root),
        Wire.Responses => ResponsesRequestReader.Read(root),
        _ => throw new ArgumentOutOfRangeException(nameof(from), from, "No door takes this wire for translation."),
    };

    private static Refusal? Judge(Prompt prompt, Wire to, Losses losses)
    {
        foreach (var asked in prompt.Asked)
        {
            var rule = TranslationRules.Rule(to, asked.Feature);
            switch (rule.Treatment)
            {
                case Treatment.Refused:
                    prompt.Unsupported(asked.Path, rule.Note);
                    return prompt.Fault;
                case Treatment.Dropped:
                    losses.Add(asked.Path);
                    break;
                default:
                    break;
            }
        }

        return null;
    }
}
