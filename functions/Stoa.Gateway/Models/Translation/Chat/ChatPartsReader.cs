using System.Text.Json;
using Stoa.Gateway.Models.Translation.Neutral;

namespace Stoa.Gateway.Models.Translation.Chat;

/// <summary>Reads the content of a chat message: a string, or parts.</summary>
internal sealed class ChatPartsReader(Prompt prompt) : PartsReader(prompt, "messages[].content", "parts")
{
    protected override void ReadPart(JsonElement part, List<Part> parts)
    {
        switch (part.Get("type"u8).AsString())
        {
            case "text" when part.Get("text"u8).IsString():
                parts.Add(new TextPart(part.Get("text"u8).AsText()));
                break;
            case "refusal" when part.Get("refusal"u8).IsString():
                parts.Add(new RefusalPart(part.Get("refusal"u8).AsText()));
                break;
            case "thinking":
                // Mistral's reasoning models answer so; what they thought is not shown to them again.
                Prompt.Ask("messages[].reasoning_content");
                break;
            case "image_url":
                ReadImage(part.Get("image_url"u8), parts);
                break;
            case "input_audio":
                ReadAudio(part.Get("input_audio"u8), parts);
                break;
            case "file":
                ReadFile(part.Get("file"u8), parts);
                break;
            case "text" or "refusal":
                Prompt.Malformed("messages[].content[].text", "must be a string");
                break;
            case null:
                Prompt.Malformed("messages[].content[].type", "must be a string");
                break;
            default:
                Prompt.Ask("messages[].content[].type");
                break;
        }
    }

    private void ReadImage(JsonElement image, List<Part> parts)
    {
        var url = image.IsString() ? image : image.Get("url"u8);
        if (!url.IsString())
        {
            Prompt.Malformed("messages[].content[].image_url.url", "must be a string");
            return;
        }

        if (image.Get("detail"u8) is var detail && detail.IsString() && !detail.Is("auto"u8))
        {
            Prompt.Ask("messages[].content[].image_url.detail");
        }

        parts.Add(Base64Text.TryReadDataUrl(url, out var type, out var data)
            ? new InlineMedia(MediaKind.Image, type, data, default)
            : new LinkedMedia(MediaKind.Image, null, url.AsText(), default));
    }

    private void ReadAudio(JsonElement audio, List<Part> parts)
    {
        if (!audio.Get("data"u8).IsString() || !audio.Get("format"u8).IsString())
        {
            Prompt.Malformed("messages[].content[].input_audio", "must have data and a format, both strings");
            return;
        }

        Prompt.Ask("messages[].content[].input_audio");
        parts.Add(new InlineMedia(MediaKind.Audio, $"audio/{audio.Get("format"u8).GetString()}", new Base64Text(audio.Get("data"u8), 0), default));
    }

    private void ReadFile(JsonElement file, List<Part> parts)
    {
        if (file.Get("file_id"u8).IsGiven())
        {
            Prompt.Ask("messages[].content[].file.file_id");
            return;
        }

        if (file.Get("file_data"u8) is not { ValueKind: JsonValueKind.String } url || !Base64Text.TryReadDataUrl(url, out var type, out var data))
        {
            Prompt.Malformed("messages[].content[].file.file_data", "must be a data URL such as 'data:application/pdf;base64,...'");
            return;
        }

        Prompt.Ask("messages[].content[].file");
        parts.Add(new InlineMedia(MediaKind.File, type, data, file.Get("filename"u8).AsText()));
    }
}
