using System.Buffers;

namespace Stoa.Gateway.Models.Requests;

/// <summary>What can be told of a medium by its bytes, in base64, a data URL, or (Anthropic's plain text documents) the text itself.</summary>
/// <param name="Length">As it is written.</param>
internal readonly record struct Base64Data(int Length, bool IsText, bool IsImage)
{
    private static readonly SearchValues<byte> Letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_"u8);

    public static Base64Data Of(ReadOnlySpan<byte> value) =>
        new(value.Length, !FetchedUrl.IsData(value) && value[..Math.Min(value.Length, 256)].ContainsAnyExcept(Letters), IsImageData(value));

    /// <summary>By the first bytes of PNG, JPEG, GIF and WebP, so that it does not matter which member said the type, or when.</summary>
    private static bool IsImageData(ReadOnlySpan<byte> value)
    {
        var comma = FetchedUrl.IsData(value) ? value[..Math.Min(value.Length, 128)].IndexOf((byte)',') : -1;
        var content = value[(comma + 1)..];
        return content.StartsWith("iVBOR"u8) || content.StartsWith("/9j/"u8) || content.StartsWith("R0lGOD"u8)
            || (content.StartsWith("UklGR"u8) && content.Length >= 16 && content[12..16].SequenceEqual("RUJQ"u8));
    }
}
