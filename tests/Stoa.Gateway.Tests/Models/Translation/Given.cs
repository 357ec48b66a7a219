using System.Buffers;
using System.Text;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Models;
using Stoa.Gateway.Models.Requests;
using Stoa.Gateway.Models.Translation;

namespace Stoa.Gateway.Tests.Models.Translation;

/// <summary>Translations of texts, with the same terms everywhere.</summary>
internal static class Given
{
    public static AnswerTerms Terms { get; } = new("public-model", DateTimeOffset.FromUnixTimeSeconds(1_760_000_000), "abc123");

    public static string ModelOf(Wire to) => to switch
    {
        Wire.Messages => "claude-sonnet-5",
        Wire.Gemini => "gemini-3-pro",
        _ => "gpt-5.5",
    };

    public static (string Body, Refusal? Refusal, IReadOnlyList<string> Losses) Request(
        string json, Wire from, Wire to, string? model = null, ProviderType? provider = null, long? max = null, bool isStream = false) =>
        Request(Encoding.UTF8.GetBytes(json), from, to, model, provider, max, isStream);

    public static (string Body, Refusal? Refusal, IReadOnlyList<string> Losses) Request(
        byte[] json, Wire from, Wire to, string? model = null, ProviderType? provider = null, long? max = null, bool isStream = false)
    {
        var request = new ModelRequest { Wire = from, Body = json, Model = "public-model", IsStream = isStream };
        var terms = new RequestTerms(model ?? ModelOf(to), max, isStream)
        {
            Provider = provider ?? (to switch { Wire.Messages => ProviderType.Anthropic, Wire.Gemini => ProviderType.Gemini, _ => ProviderType.OpenAI }),
        };
        var output = new ArrayBufferWriter<byte>();
        var refusal = RequestTranslation.TryWrite(request, to, terms, output, out var losses);
        return (Encoding.UTF8.GetString(output.WrittenSpan), refusal, losses);
    }

    public static (string Body, string? Complaint) Answer(byte[] json, Wire from, Wire to)
    {
        var output = new ArrayBufferWriter<byte>();
        var written = AnswerTranslation.TryWrite(json, from, to, Terms, output, out var complaint);
        Assert.Equal(written, complaint is null);
        Assert.True(written || output.WrittenCount == 0, "A complaint comes with nothing written.");
        return (Encoding.UTF8.GetString(output.WrittenSpan), complaint);
    }

    public static (string Body, string? Complaint) Answer(string json, Wire from, Wire to) => Answer(Encoding.UTF8.GetBytes(json), from, to);

    /// <summary>All events of a stream, up to its end or to the first that the translation complains of.</summary>
    public static (string Events, string? Complaint) Stream(string events, Wire from, Wire to, bool wantsUsage = true)
    {
        var output = new ArrayBufferWriter<byte>();
        var translation = new StreamTranslation(from, to, Terms, wantsUsage, estimatedInput: 7);
        foreach (var (name, data) in Events.Read(events))
        {
            if (!translation.TryWrite(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(data), output, out var complaint))
            {
                Assert.NotNull(complaint);
                return (Encoding.UTF8.GetString(output.WrittenSpan), complaint);
            }
        }

        translation.End(output);
        var length = output.WrittenCount;
        translation.End(output);
        Assert.Equal(length, output.WrittenCount);
        return (Encoding.UTF8.GetString(output.WrittenSpan), null);
    }
}
