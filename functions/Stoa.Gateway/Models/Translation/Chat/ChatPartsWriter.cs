using System.Text.Json;
using Stoa.Gateway.Models.Translation.Neutral;

namespace Stoa.Gateway.Models.Translation.Chat;

/// <summary>Writes the content of a chat message: a string where that says it all, because not every server takes parts.</summary>
internal sealed class ChatPartsWriter(Utf8JsonWriter writer, Prompt prompt)
{
    public void Write(IReadOnlyList<Part> parts)
    {
        if (parts is [] or [TextPart])
        {
            (parts is [TextPart only] ? only.Text : new Text("")).WriteTo(writer);
            return;
        }

        writer.WriteStartArray();
        foreach (var part in parts)
        {
            writer.WriteStartObject();
            WritePart(part);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private void WritePart(Part part)
    {
        switch (part)
        {
            case TextPart text:
                WriteText(text.Text);
                break;
            case TextDocument document:
                WriteText(document.Text);
                break;
            case RefusalPart refusal:
                writer.WriteString("type"u8, "refusal"u8);
                refusal.Text.WriteTo(writer, "refusal"u8);
                break;
            case LinkedMedia { Kind: MediaKind.Image } link:
                writer.WriteString("type"u8, "image_url"u8);
                writer.WriteStartObject("image_url"u8);
                link.Url.WriteTo(writer, "url"u8);
                writer.WriteEndObject();
                break;
            case InlineMedia media:
                WriteInline(media);
                break;
            default:
                throw new InvalidOperationException($"{part.GetType().Name} is no content of a chat message.");
        }
    }

    private void WriteText(Text text)
    {
        writer.WriteString("type"u8, "text"u8);
        text.WriteTo(writer, "text"u8);
    }

    private void WriteInline(InlineMedia media)
    {
        switch (media.Kind)
        {
            case MediaKind.Image:
                writer.WriteString("type"u8, "image_url"u8);
                writer.WriteStartObject("image_url"u8);
                writer.WritePropertyName("url"u8);
                media.Data.WriteDataUrl(writer, media.MediaType);
                break;
            case MediaKind.Audio:
                writer.WriteString("type"u8, "input_audio"u8);
                writer.WriteStartObject("input_audio"u8);
                writer.WritePropertyName("data"u8);
                media.Data.WriteTo(writer);
                writer.WriteString("format"u8, AudioFormat(media.MediaType));
                break;
            default:
                writer.WriteString("type"u8, "file"u8);
                writer.WriteStartObject("file"u8);
                (media.Name.IsEmpty ? new Text("document.pdf") : media.Name).WriteTo(writer, "filename"u8);
                writer.WritePropertyName("file_data"u8);
                media.Data.WriteDataUrl(writer, media.MediaType);
                break;
        }

        writer.WriteEndObject();
    }

    private string AudioFormat(string mediaType)
    {
        switch (mediaType)
        {
            case "audio/wav" or "audio/x-wav":
                return "wav";
            case "audio/mp3" or "audio/mpeg":
                return "mp3";
            default:
                prompt.Unsupported("input_audio", "send audio as wav or mp3");
                return "wav";
        }
    }
}
