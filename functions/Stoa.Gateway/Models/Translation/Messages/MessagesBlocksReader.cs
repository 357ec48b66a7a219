using System.Text.Json;
using Stoa.Gateway.Models.Translation.Neutral;

namespace Stoa.Gateway.Models.Translation.Messages;

/// <summary>Reads content of a message: a string, or blocks.</summary>
internal sealed class MessagesBlocksReader(Prompt prompt) : PartsReader(prompt, "messages[].content", "blocks")
{
    // Gemini's signature of a call travels in a thinking block before it.
    private Seal? _pending;

    protected override void ReadPart(JsonElement block, List<Part> parts)
    {
        AskIf(block.Get("cache_control"u8).IsGiven(), "cache_control");
        switch (block.Get("type"u8).AsString())
        {
            case "text":
                ReadText(block, parts);
                break;
            case "image":
                AskIf(block.Get("transformations"u8).IsGiven(), "messages[].content[].transformations");
                ReadMedia(block.Get("source"u8), MediaKind.Image, default, parts);
                break;
            case "document":
                AskIf(block.Get("citations"u8).Get("enabled"u8).IsTrue(), "messages[].content[].citations");
                ReadMedia(block.Get("source"u8), MediaKind.File, block.Get("title"u8).AsText(), parts);
                break;
            case "thinking":
                ReadThinking(block, parts);
                break;
            case "redacted_thinking":
                Prompt.Ask("messages[].content[].thinking");
                parts.Add(new ThinkingPart(default, new Seal(SealMaker.AnthropicRedacted, block.Get("data"u8).AsString() ?? "")));
                break;
            case "tool_use":
                ReadToolUse(block, parts);
                break;
            case "tool_result":
                ReadToolResult(block, parts);
                break;
            case null:
                Prompt.Malformed("messages[].content[].type", "must be a string");
                break;
            default:
                Prompt.Ask("messages[].content[].type");
                break;
        }
    }

    private void ReadText(JsonElement block, List<Part> parts)
    {
        if (!block.Get("text"u8).IsString())
        {
            Prompt.Malformed("messages[].content[].text", "must be a string");
        }

        AskIf(block.Get("citations"u8) is { ValueKind: JsonValueKind.Array } citations && citations.GetArrayLength() > 0, "messages[].content[].citations");
        parts.Add(new TextPart(block.Get("text"u8).AsText()));
    }

    private void ReadMedia(JsonElement source, MediaKind kind, Text name, List<Part> parts)
    {
        var data = source.Get("data"u8);
        switch (source.Get("type"u8).AsString())
        {
            case "base64" when data.IsString() && source.Get("media_type"u8).AsString() is { } type:
                AskIf(kind is MediaKind.File, "messages[].content[].source");
                parts.Add(new InlineMedia(kind, type, new Base64Text(data, 0), name));
                break;
            case "url" when source.Get("url"u8).IsString():
                AskIf(kind is MediaKind.File, "messages[].content[].source.url");
                parts.Add(new LinkedMedia(kind, kind is MediaKind.File ? "application/pdf" : null, source.Get("url"u8).AsText(), name));
                break;
            case "text" when data.IsString():
                parts.Add(new TextDocument(data.AsText(), name));
                break;
            case "content":
                Prompt.Ask("messages[].content[].source.content");
                break;
            case "file":
                Prompt.Ask("messages[].content[].source.file_id");
                break;
            default:
                Prompt.Malformed("messages[].content[].source", "must be of type 'base64' with media_type and data, 'url' with a url, or 'text' with data");
                break;
        }
    }

    private void ReadThinking(JsonElement block, List<Part> parts)
    {
        var thinking = block.Get("thinking"u8);
        var signature = block.Get("signature"u8).AsString();
        var seal = Seal.Parse(signature) ?? (string.IsNullOrEmpty(signature) ? null : new Seal(SealMaker.Anthropic, signature));
        _pending = seal is { Maker: SealMaker.Gemini } ? seal : null;
        if (_pending is not null && thinking.AsText().IsEmpty)
        {
            return;
        }

        Prompt.Ask("messages[].content[].thinking");
        parts.Add(new ThinkingPart(thinking.AsText(), seal));
    }

    private void ReadToolUse(JsonElement block, List<Part> parts)
    {
        if (!block.Get("id"u8).IsString() || !block.Get("name"u8).IsString())
        {
            Prompt.Malformed("messages[].content[]", "of type 'tool_use' must have an id and a name, both strings");
        }

        parts.Add(new ToolCallPart(block.Get("id"u8).AsText(), block.Get("name"u8).AsText(), new ToolArguments(block.Get("input"u8)), _pending));
        _pending = null;
    }

    private void ReadToolResult(JsonElement block, List<Part> parts)
    {
        if (!block.Get("tool_use_id"u8).IsString())
        {
            Prompt.Malformed("messages[].content[].tool_use_id", "must be a string");
        }

        var content = new List<Part>();
        if (block.Get("content"u8) is var given && given.IsGiven())
        {
            Read(given, content);
        }

        if (content.Exists(p => p is ToolResultPart or ToolCallPart or ThinkingPart))
        {
            Prompt.Malformed("messages[].content[].content", "of a tool_result holds text, images and documents only");
        }

        var isError = block.Get("is_error"u8).IsTrue();
        AskIf(isError, "messages[].content[].is_error");
        parts.Add(new ToolResultPart(block.Get("tool_use_id"u8).AsText(), default, content, isError));
    }

    private void AskIf(bool condition, string path)
    {
        if (condition)
        {
            Prompt.Ask(path);
        }
    }
}
