using System.Text.Json;
using Stoa.Gateway.Models.Translation.Neutral;

namespace Stoa.Gateway.Models.Translation.Responses;

/// <summary>Reads the content of a message or of a function's output: a string, or parts.</summary>
internal sealed class ResponsesPartsReader(Prompt prompt) : PartsReader(prompt, "input[].content", "parts")
{
    protected override void ReadPart(JsonElement part, List<Part> parts)
    {
        switch (part.Get("type"u8).AsString())
        {
            case "input_text" or "output_text" or "text" when part.Get("text"u8).IsString():
                parts.Add(new TextPart(part.Get("text"u8).AsText()));
                break;
            case "refusal" when part.Get("refusal"u8).IsString():
                parts.Add(new RefusalPart(part.Get("refusal"u8).AsText()));
                break;
            case "input_image":
                ReadImage(part, parts);
                break;
            case "input_file":
                ReadFile(part, parts);
                break;
            case "input_audio":
                ReadAudio(part.Get("input_audio"u8), parts);
                break;
            case "input_text" or "output_text" or "text" or "refusal":
                Prompt.Malformed("input[].content[].text", "must be a string");
                break;
            case null:
                Prompt.Malformed("input[].content[].type", "must be a string");
                break;
            default:
                Prompt.Ask("input[].content[].type");
                break;
        }
    }

    private void ReadImage(JsonElement part, List<Part> parts)
    {
        if (part.Get("file_id"u8).IsGiven())
        {
            Prompt.Ask("input[].content[].file_id");
            return;
        }

        var url = part.Get("image_url"u8);
        if (!url.IsString())
        {
            Prompt.Malformed("input[].content[].image_url", "must be a string");
            return;
        }

        if (part.Get("detail"u8) is var detail && detail.IsString() && !detail.Is("auto"u8))
        {
            Prompt.Ask("input[].content[].detail");
        }

        parts.Add(Base64Text.TryReadDataUrl(url, out var type, out var data)
            ? new InlineMedia(MediaKind.Image, type, data, default)
            : new LinkedMedia(MediaKind.Image, null, url.AsText(), default));
    }

    private void ReadFile(JsonElement part, List<Part> parts)
    {
        var name = part.Get("filename"u8).AsText();
        if (part.Get("file_id"u8).IsGiven())
        {
            Prompt.Ask("input[].content[].file_id");
        }
        else if (part.Get("file_url"u8) is var url && url.IsString())
        {
            Prompt.Ask("input[].content[].file_url");
            parts.Add(new LinkedMedia(MediaKind.File, "application/pdf", url.AsText(), name));
        }
        else if (part.Get("file_data"u8) is { ValueKind: JsonValueKind.String } given && Base64Text.TryReadDataUrl(given, out var type, out var data))
        {
            Prompt.Ask("input[].content[].file_data");
            parts.Add(new InlineMedia(MediaKind.File, type, data, name));
        }
        else
        {
            Prompt.Malformed("input[].content[].file_data", "must be a data URL such as 'data:application/pdf;base64,...'");
        }
    }

    private void ReadAudio(JsonElement audio, List<Part> parts)
    {
        if (!audio.Get("data"u8).IsString() || !audio.Get("format"u8).IsString())
        {
            Prompt.Malformed("input[].content[].input_audio", "must have data and a format, both strings");
            return;
        }

        Prompt.Ask("input[].content[].input_audio");
        parts.Add(new InlineMedia(MediaKind.Audio, $"audio/{audio.Get("format"u8).GetString()}", new Base64Text(audio.Get("data"u8), 0), default));
    }
}
