using System.Text.Json;

namespace Stoa.Gateway.Models.Translation.Neutral;

/// <summary>
/// An opaque value by which a provider recognises its own reasoning. Where it travels through a field of another wire, such as the signature
/// of a thinking block, it carries the name of its maker in front: <c>gemini:...</c>.
/// </summary>
internal readonly record struct Seal(SealMaker Maker, string Value)
{
    /// <summary>A seal that travelled; null for one that nobody here made.</summary>
    public static Seal? Parse(string? text) => text switch
    {
        null => null,
        _ when text.StartsWith("gemini:", StringComparison.Ordinal) => new(SealMaker.Gemini, text[7..]),
        _ when text.StartsWith("anthropic:", StringComparison.Ordinal) => new(SealMaker.Anthropic, text[10..]),
        _ when text.StartsWith("anthropic-redacted:", StringComparison.Ordinal) => new(SealMaker.AnthropicRedacted, text[19..]),
        _ => null,
    };

    public void WriteTo(Utf8JsonWriter writer, ReadOnlySpan<byte> name) => writer.WriteString(name, ToString());

    public override string ToString() => Maker switch
    {
        SealMaker.Gemini => $"gemini:{Value}",
        SealMaker.Anthropic => $"anthropic:{Value}",
        _ => $"anthropic-redacted:{Value}",
    };
}

internal enum SealMaker
{
    /// <summary>The signature of a thinking block.</summary>
    Anthropic,

    /// <summary>A thinking block that shows nothing but this.</summary>
    AnthropicRedacted,

    /// <summary>A thought signature.</summary>
    Gemini,
}
