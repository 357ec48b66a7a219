using Stoa.Gateway.Schemas.Json;

namespace Stoa.Gateway.Tools.Answers;

/// <summary>What a member is probably for, by its name alone.</summary>
internal static class MemberPurpose
{
    private static readonly byte[][] Identities =
    [
        .. new[] { "id", "uuid", "guid", "key", "name", "href", "url", "uri", "slug", "etag", "cursor", "token" }.Select(System.Text.Encoding.ASCII.GetBytes),
    ];

    /// <summary>
    /// Whether it says which thing this is, or leads on to it: <c>id</c>, <c>_id</c>, <c>order_id</c>, <c>orderId</c>, <c>orderID</c>, and the
    /// same with uuid, key, name, url, nextPageToken and the like.
    /// </summary>
    public static bool Identifies(ReadOnlySpan<byte> raw)
    {
        using var text = new JsonString(raw, stackalloc byte[JsonString.ScratchSize]);
        var name = text.Utf8.TrimStart("_@$"u8);
        foreach (var identity in Identities)
        {
            if (EndsWithWord(name, identity))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether it tells about the data and holds none: what <see cref="Identifies"/> was asked before.</summary>
    public static bool Explains(ReadOnlySpan<byte> raw) => raw.Length is >= 6 and <= 13
        && (raw.SequenceEqual("examples"u8) || raw.SequenceEqual("example"u8) || raw.SequenceEqual("_links"u8) || raw.SequenceEqual("externalDocs"u8)
            || raw.SequenceEqual("documentation"u8) || raw.SequenceEqual("$schema"u8) || raw.SequenceEqual("$comment"u8));

    /// <summary>A short one is data (the weather's is "light rain"), a long one is prose.</summary>
    public static bool Describes(ReadOnlySpan<byte> raw) => raw.SequenceEqual("description"u8);

    private static bool EndsWithWord(ReadOnlySpan<byte> name, ReadOnlySpan<byte> word)
    {
        var before = name.Length - word.Length;
        if (before < 0 || (name[^1] | 0x20) != word[^1] || !System.Text.Ascii.EqualsIgnoreCase(name[before..], word))
        {
            return false;
        }

        // "paid" and "surname" end in these letters, too, but no word begins there.
        return before == 0 || !char.IsAsciiLetterOrDigit((char)name[before - 1])
            || (char.IsAsciiLetterUpper((char)name[before]) && !char.IsAsciiLetterUpper((char)name[before - 1]));
    }
}
