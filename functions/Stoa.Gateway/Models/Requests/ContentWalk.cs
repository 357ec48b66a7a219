using System.Buffers;
using System.Text.Json;

namespace Stoa.Gateway.Models.Requests;

/// <summary>
/// Reads messages and their parts: counts text, finds media in every wire's spelling, and leaves alone what only looks like media, such as
/// the arguments of a tool that takes a URL.
/// </summary>
internal static class ContentWalk
{
    private static readonly SearchValues<byte> Base64 = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_"u8);

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
            Place.Link when walk.Json.TokenType is JsonTokenType.String => Url(ref walk),
            Place.Link or Place.Holder when walk.Json.TokenType is JsonTokenType.StartObject => Holder(ref walk),
            Place.Data when walk.Json.TokenType is JsonTokenType.String => Data(ref walk),
            Place.FileId when walk.Json.TokenType is JsonTokenType.String => Stored(ref walk),
            Place.Opaque => walk.Whole(),
            _ => Read(ref walk),
        };
    }

    /// <summary>A URL that the provider fetches, or that holds the media itself.</summary>
    public static bool Url(ref RequestWalk walk)
    {
        var value = walk.Unescaped();
        if (FetchedUrl.IsData(value))
        {
            walk.MediaParts++;
            walk.FileBytes += IsImage(value) ? 0 : value.Length;
            return true;
        }

        if (FetchedUrl.Complaint(value) is { } complaint)
        {
            return walk.Fail(complaint, "URL");
        }

        walk.MediaParts++;
        return true;
    }

    /// <summary>The object that holds a medium: <c>image_url</c>, <c>source</c>, <c>input_audio</c>, <c>file</c>.</summary>
    private static bool Holder(ref RequestWalk walk)
    {
        var opened = walk.Open();
        while (walk.NextName(opened))
        {
            bool isRead;
            if (walk.Json.ValueTextEquals("url"u8))
            {
                walk.Json.Read();
                isRead = walk.Json.TokenType is JsonTokenType.String ? Url(ref walk) : walk.Text();
            }
            else if (walk.Json.ValueTextEquals("data"u8))
            {
                walk.Json.Read();
                isRead = walk.Json.TokenType is JsonTokenType.String ? Data(ref walk) : walk.Text();
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

        return walk.Refusal is null;
    }

    /// <summary>Base64, a data URL, or (Anthropic's plain text documents) the text itself.</summary>
    private static bool Data(ref RequestWalk walk)
    {
        var value = walk.Unescaped();
        if (FetchedUrl.IsData(value) || !value[..Math.Min(value.Length, 256)].ContainsAnyExcept(Base64))
        {
            walk.MediaParts++;
            walk.FileBytes += IsImage(value) ? 0 : value.Length;
        }
        else
        {
            walk.TextBytes += value.Length;
        }

        return true;
    }

    private static bool Stored(ref RequestWalk walk)
    {
        walk.MediaParts++;
        return true;
    }

    /// <summary>By the first bytes of PNG, JPEG, GIF and WebP in base64, so that it does not matter which member said the type, or when.</summary>
    private static bool IsImage(ReadOnlySpan<byte> value)
    {
        var comma = FetchedUrl.IsData(value) ? value[..Math.Min(value.Length, 128)].IndexOf((byte)',') : -1;
        var content = value[(comma + 1)..];
        return content.StartsWith("iVBOR"u8) || content.StartsWith("/9j/"u8) || content.StartsWith("R0lGOD"u8)
            || (content.StartsWith("UklGR"u8) && content.Length >= 16 && content[12..16].SequenceEqual("RUJQ"u8));
    }

    private static Place PlaceOf(ref Utf8JsonReader json)
    {
        if (json.ValueTextEquals("text"u8) || json.ValueTextEquals("content"u8) || json.ValueTextEquals("role"u8) || json.ValueTextEquals("type"u8))
        {
            return Place.Text;
        }

        if (json.ValueTextEquals("image_url"u8) || json.ValueTextEquals("file_url"u8) || json.ValueTextEquals("video_url"u8)
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
        Link,
        Holder,
        Data,
        FileId,
        Opaque,
    }
}
