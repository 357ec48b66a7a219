using System.Text.Json;
using Stoa.Gateway.Models.Translation.Neutral;

namespace Stoa.Gateway.Models.Translation.Messages;

/// <summary>Writes images and documents as blocks with a source.</summary>
internal static class MessagesMediaWriter
{
    public static void Write(Utf8JsonWriter writer, Prompt prompt, Part part)
    {
        switch (part)
        {
            case InlineMedia { Kind: MediaKind.Audio } or LinkedMedia { Kind: MediaKind.Audio }:
                prompt.Unsupported("input_audio", "Anthropic models take no audio");
                break;
            case InlineMedia { Kind: MediaKind.File, MediaType: not "application/pdf" }:
                prompt.Unsupported("file", "send documents as PDF, or their text as text");
                break;
            case InlineMedia media:
                WriteInline(writer, media);
                break;
            case LinkedMedia link:
                writer.WriteString("type"u8, link.Kind is MediaKind.Image ? "image"u8 : "document"u8);
                writer.WriteStartObject("source"u8);
                writer.WriteString("type"u8, "url"u8);
                link.Url.WriteTo(writer, "url"u8);
                writer.WriteEndObject();
                WriteTitle(writer, link.Kind, link.Name);
                break;
            case TextDocument document:
                writer.WriteString("type"u8, "document"u8);
                writer.WriteStartObject("source"u8);
                writer.WriteString("type"u8, "text"u8);
                writer.WriteString("media_type"u8, "text/plain"u8);
                document.Text.WriteTo(writer, "data"u8);
                writer.WriteEndObject();
                WriteTitle(writer, MediaKind.File, document.Title);
                break;
            default:
                throw new InvalidOperationException($"{part.GetType().Name} is no block of a message.");
        }
    }

    private static void WriteInline(Utf8JsonWriter writer, InlineMedia media)
    {
        writer.WriteString("type"u8, media.Kind is MediaKind.Image ? "image"u8 : "document"u8);
        writer.WriteStartObject("source"u8);
        writer.WriteString("type"u8, "base64"u8);
        writer.WriteString("media_type"u8, media.MediaType is "image/jpg" ? "image/jpeg" : media.MediaType);
        writer.WritePropertyName("data"u8);
        media.Data.WriteTo(writer);
        writer.WriteEndObject();
        WriteTitle(writer, media.Kind, media.Name);
    }

    private static void WriteTitle(Utf8JsonWriter writer, MediaKind kind, Text name)
    {
        if (kind is MediaKind.File && !name.IsEmpty)
        {
            name.WriteTo(writer, "title"u8);
        }
    }
}
