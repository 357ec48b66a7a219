using System.Text.Json;
using Stoa.Gateway.Models.Translation.Neutral;

namespace Stoa.Gateway.Models.Translation.Responses;

/// <summary>Reads the input of a responses request: a string, or items.</summary>
internal sealed class ResponsesItemsReader(Prompt prompt)
{
    private readonly ResponsesPartsReader _parts = new(prompt);

    // Gemini's signature of a call travels in a reasoning item before it.
    private Seal? _pending;

    public void Read(JsonElement input)
    {
        if (input.IsString())
        {
            prompt.Say(TurnRole.User).Add(new TextPart(input.AsText()));
            return;
        }

        if (input.ValueKind != JsonValueKind.Array || input.GetArrayLength() == 0)
        {
            prompt.Malformed("input", "must be a string or an array with at least one item");
        }

        foreach (var item in input.Items())
        {
            ReadItem(item);
        }

        if (prompt.Turns is [.., { Role: TurnRole.Assistant }])
        {
            prompt.Ask("input[-1]");
        }
    }

    private void ReadItem(JsonElement item)
    {
        var type = item.Get("type"u8);
        switch (type.IsGiven() ? type.AsString() : "message")
        {
            case "message":
                ReadMessage(item);
                break;
            case "function_call":
                ReadCall(item);
                break;
            case "function_call_output":
                ReadOutput(item);
                break;
            case "reasoning":
                ReadReasoning(item);
                break;
            case "item_reference":
                prompt.Ask("input[].id");
                break;
            case null:
                prompt.Malformed("input[].type", "must be a string");
                break;
            default:
                prompt.Ask("input[].type");
                break;
        }
    }

    private void ReadMessage(JsonElement item)
    {
        var content = item.Get("content"u8);
        switch (item.Get("role"u8).AsString())
        {
            case "user":
                _parts.Read(content, prompt.Say(TurnRole.User));
                break;
            case "assistant":
                _parts.Read(content, prompt.Say(TurnRole.Assistant));
                break;
            case "system" or "developer":
                ReadSystem(content);
                break;
            default:
                prompt.Malformed("input[].role", "must be 'user', 'assistant', 'system' or 'developer'");
                break;
        }
    }

    private void ReadSystem(JsonElement content)
    {
        var parts = new List<Part>();
        _parts.Read(content, parts);
        if (prompt.Turns.Count == 0)
        {
            prompt.System.AddRange(parts.OfType<TextPart>().Select(p => p.Text));
            return;
        }

        prompt.Ask("input[].role");
        prompt.Say(TurnRole.System).AddRange(parts.OfType<TextPart>());
    }

    private void ReadCall(JsonElement item)
    {
        if (!item.Get("call_id"u8).IsString() || !item.Get("name"u8).IsString())
        {
            prompt.Malformed("input[]", "of type 'function_call' must have a call_id and a name, both strings");
        }

        prompt.Say(TurnRole.Assistant).Add(
            new ToolCallPart(item.Get("call_id"u8).AsText(), item.Get("name"u8).AsText(), new ToolArguments(item.Get("arguments"u8)), _pending));
        _pending = null;
    }

    private void ReadOutput(JsonElement item)
    {
        if (!item.Get("call_id"u8).IsString())
        {
            prompt.Malformed("input[].call_id", "must be a string");
        }

        var content = new List<Part>();
        _parts.Read(item.Get("output"u8), content);
        prompt.Say(TurnRole.User).Add(new ToolResultPart(item.Get("call_id"u8).AsText(), default, content, IsError: false));
    }

    private void ReadReasoning(JsonElement item)
    {
        var seal = Seal.Parse(item.Get("encrypted_content"u8).AsString());
        _pending = seal is { Maker: SealMaker.Gemini } ? seal : null;
        var summary = item.Get("summary"u8).Items().Select(s => s.Get("text"u8)).Where(t => t.IsString()).ToList();
        if (_pending is not null && summary.Count == 0)
        {
            return;
        }

        prompt.Ask("input[].encrypted_content");
        var text = summary.Count == 1 ? summary[0].AsText() : new Text(string.Concat(summary.Select(s => s.GetString())));
        prompt.Say(TurnRole.Assistant).Add(new ThinkingPart(text, seal));
    }
}
