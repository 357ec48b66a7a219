using System.Text;
using System.Text.Unicode;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Tools.Trials;

/// <summary>A body as it is shown: JSON as JSON while it is not too long, else text, cut at <see cref="LongestText"/> characters; nothing of other media.</summary>
/// <param name="Json">Null when it is none, or too long.</param>
/// <param name="Text">Null when there is no text to show.</param>
internal sealed record TrialBody(ReadOnlyMemory<byte>? Json, string? Text, bool IsCut)
{
    public const int LongestText = 64 * 1024;

    public static TrialBody Of(ReadOnlyMemory<byte> bytes, string? mediaType, SecretMask mask)
    {
        if (bytes.IsEmpty)
        {
            return new(null, null, false);
        }

        if (MaskedJson.Of(bytes, mask) is { } json)
        {
            return json.Length <= LongestText ? new(json, null, false) : Cut(Encoding.UTF8.GetString(json.Span));
        }

        return OfText(bytes, mediaType, mask);
    }

    /// <summary>The same for what is not to be read as JSON.</summary>
    public static TrialBody OfText(ReadOnlyMemory<byte> bytes, string? mediaType, SecretMask mask) =>
        Utf8.IsValid(bytes.Span)
            ? Cut(mask.Apply(Encoding.UTF8.GetString(bytes.Span)))
            : new(null, $"({bytes.Length} bytes{(mediaType is null ? "" : " of " + mask.Apply(mediaType))}, not shown)", false);

    private static TrialBody Cut(string text) => new(null, JsonText.Shorten(text, LongestText), text.Length > LongestText);
}
