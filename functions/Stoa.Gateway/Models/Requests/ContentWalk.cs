using System.Text;
using System.Text.Json;

namespace Stoa.Gateway.Models.Requests;

/// <summary>
/// Reads messages and their parts: counts text, finds media in every wire's spelling, and leaves alone what only looks like media, such as
/// the arguments of a tool that takes a URL.
/// </summary>
internal static class ContentWalk
{
    /// <summary>A message, an item, a part, or a list of them.</summary>
    public static bool Read(ref RequestWalk walk)
    {
        switch (walk.Json.TokenType)
        {
            case JsonTokenType.StartArray:
                while (walk.Json.Read() && walk.Json.TokenType is not JsonTokenType.EndArray)
                {
                    if (!Read(ref walk))
                    {
                        return false;
                    }
                }

                return true;

            case JsonTokenType.StartObject:
                var opened = walk.Open();
                while (walk.NextName(opened))
                {
                    if (!Member(ref walk))
                    {
                        return false;
                    }
                }

                return walk.Refusal is null;

            default:
                return walk.Text();
        }
    }

    /// <summary>On the name of a member of a part; reads its value.</summary>
    public static bool Member(ref RequestWalk walk)
    {
        var place = PlaceOf(ref walk.Json);
        walk.Json.Read();
        return place switch
        {
            Place.Image or Place.Link when walk.Json.TokenType is JsonTokenType.String => Url(ref walk, place is Place.Image),
            Place.Image or Place.Link or Place.Holder when walk.Json.TokenType is JsonTokenType.StartObject => Holder(ref walk, place is Place.Image),
            Place.Data when walk.Json.TokenType is JsonTokenType.String => FileData(ref walk),
            Place.FileId when walk.Json.TokenType is JsonTokenType.String => Stored(ref walk),
            Place.Opaque => walk.Whole(),
            _ => Read(ref walk),
        };
    }

    /// <summary>A URL that the provider fetches, or that holds the media itself.</summary>
    private static bool Url(ref RequestWalk walk, bool isImage)
    {
        var value = walk.Unescaped();
        if (FetchedUrl.IsData(value))
        {
            Medium(ref walk, value, isImage);
            return true;
        }

        if (FetchedUrl.Complaint(value) is { } complaint)
        {
            return walk.Fail(complaint, "URL");
        }

        walk.MediaParts++;
        return true;
    }

    /// <summary>The object that holds a medium: <c>image_url</c>, <c>source</c>, <c>input_audio</c>, <c>file</c>. Its type may stand behind its data.</summary>
    private static bool Holder(ref RequestWalk walk, bool isImage)
    {
        var opened = walk.Open();
        var (isText, plain) = (false, default(Base64Data?));
        while (walk.NextName(opened))
        {
            bool isRead;
            if (walk.Json.ValueTextEquals("url"u8))
            {
                walk.Json.Read();
                isRead = walk.Json.TokenType is JsonTokenType.String ? Url(ref walk, isImage) : walk.Text();
            }
            else if (walk.Json.ValueTextEquals("data"u8))
            {
                walk.Json.Read();
                plain = walk.Json.TokenType is JsonTokenType.String ? Base64Data.Of(walk.Unescaped()) : null;
                isRead = plain is not null || walk.Text();
            }
            else if (walk.Json.ValueTextEquals("type"u8) || walk.Json.ValueTextEquals("media_type"u8))
            {
                walk.Json.Read();
                isText |= walk.Json.TokenType is JsonTokenType.String && walk.Unescaped().StartsWith("text"u8);
                isRead = walk.Text();
            }
            else
            {
                isRead = Member(ref walk);
            }

            if (!isRead)
            {
                return false;
            }
        }

        if (plain is { } data)
        {
            Count(ref walk, data with { IsText = data.IsText || isText });
        }

        return walk.Refusal is null;
    }

    /// <summary>A data URL, or base64 alone.</summary>
    private static bool FileData(ref RequestWalk walk)
    {
        var value = walk.Unescaped();
        if (FetchedUrl.IsData(value))
        {
            Medium(ref walk, value, isImage: false);
        }
        else
        {
            Count(ref walk, Base64Data.Of(value) with { IsImage = false });
        }

        return true;
    }

    /// <summary>A data URL, of what it says that it is: some providers read a text wherever it stands.</summary>
    private static void Medium(ref RequestWalk walk, ReadOnlySpan<byte> url, bool isImage)
    {
        if (IsTextType(url[5..]))
        {
            walk.TextBytes += url.Length * 3L / 4;
            return;
        }

        var data = Base64Data.Of(url);
        Count(ref walk, data with { IsImage = data.IsImage && (isImage || StartsWith(url[5..], "image/"u8)) });
    }

    /// <summary>Whether a medium of this type is text; providers take files of many such types.</summary>
    private static bool IsTextType(ReadOnlySpan<byte> type) => !StartsWith(type, "image/"u8) && !StartsWith(type, "audio/"u8) && !StartsWith(type, "video/"u8)
        && !StartsWith(type, "application/pdf"u8) && !StartsWith(type, "application/vnd."u8) && !StartsWith(type, "application/msword"u8)
        && !StartsWith(type, "application/octet-stream"u8) && !StartsWith(type, "application/zip"u8);

    private static bool StartsWith(ReadOnlySpan<byte> text, ReadOnlySpan<byte> beginning) =>
        text.Length >= beginning.Length && Ascii.EqualsIgnoreCase(text[..beginning.Length], beginning);

    private static void Count(ref RequestWalk walk, Base64Data data)
    {
        if (data.IsText)
        {
            walk.TextBytes += data.Length;
            return;
        }

        walk.MediaParts++;
        walk.FileBytes += data.IsImage ? 0 : data.Length;
    }

    private static bool Stored(ref RequestWalk walk)
    {
        walk.MediaParts++;
        return true;
    }

    private static Place PlaceOf(ref Utf8JsonReader json)
    {
        if (json.ValueTextEquals("text"u8) || json.ValueTextEquals("content"u8) || json.ValueTextEquals("role"u8) || json.ValueTextEquals("type"u8))
        {
            return Place.Text;
        }

        if (json.ValueTextEquals("image_url"u8))
        {
            return Place.Image;
        }

        if (json.ValueTextEquals("file_url"u8) || json.ValueTextEquals("video_url"u8)
            || json.ValueTextEquals("audio_url"u8) || json.ValueTextEquals("document_url"u8))
        {
            return Place.Link;
        }

        if (json.ValueTextEquals("source"u8) || json.ValueTextEquals("input_audio"u8) || json.ValueTextEquals("file"u8))
        {
            return Place.Holder;
        }

        if (json.ValueTextEquals("file_data"u8))
        {
            return Place.Data;
        }

        if (json.ValueTextEquals("file_id"u8))
        {
            return Place.FileId;
        }

        return json.ValueTextEquals("arguments"u8) || json.ValueTextEquals("input"u8) || json.ValueTextEquals("parameters"u8)
            || json.ValueTextEquals("action"u8) || json.ValueTextEquals("tools"u8)
            ? Place.Opaque
            : Place.Text;
    }

    private enum Place
    {
        Text,
        Image,
        Link,
        Holder,
        Data,
        FileId,
        Opaque,
    }
}
