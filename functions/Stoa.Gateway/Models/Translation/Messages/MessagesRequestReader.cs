using System.Text.Json;
using Stoa.Gateway.Models.Translation.Neutral;

namespace Stoa.Gateway.Models.Translation.Messages;

/// <summary>Takes an Anthropic messages request apart.</summary>
internal sealed class MessagesRequestReader
{
    private readonly Prompt _prompt = new(Wire.Messages);

    public static Prompt Read(JsonElement root)
    {
        var reader = new MessagesRequestReader();
        foreach (var member in root.EnumerateObject())
        {
            if (member.Value.IsGiven())
            {
                reader.ReadMember(member.Name, member.Value);
            }
        }

        if (!root.Get("messages"u8).IsGiven())
        {
            reader._prompt.Malformed("messages", "is missing");
        }

        reader.ReadReasoning(root.Get("thinking"u8), root.Get("output_config"u8));
        return reader._prompt;
    }

    private void ReadMember(string name, JsonElement value)
    {
        _prompt.Check(name, value);
        switch (name)
        {
            case "model" or "stream" or "thinking":
                break;
            case "system":
                ReadSystem(value);
                break;
            case "messages":
                ReadMessages(value);
                break;
            case "tools":
                ReadTools(value);
                break;
            case "tool_choice":
                ReadToolChoice(value);
                break;
            case "max_tokens":
                _prompt.MaxOutputTokens = value.AsLong();
                break;
            case "stop_sequences":
                _prompt.Stop.AddRange(value.Items().Where(s => s.IsString()).Select(s => s.AsText()));
                break;
            case "output_config":
                ReadFormat(value.Get("format"u8));
                break;
            case "output_format":
                // Where structured output stood while it was a beta.
                ReadFormat(value);
                break;
            case "metadata":
                if (value.Get("user_id"u8) is var user && user.IsString())
                {
                    _prompt.Ask("metadata.user_id", user);
                }

                break;
            case "service_tier" when value.Is("auto"u8):
            case "speed" when value.Is("standard"u8):
            case "mcp_servers" when value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0:
                break;
            default:
                _prompt.Ask(name, value);
                break;
        }
    }

    private void ReadSystem(JsonElement system)
    {
        var parts = new List<Part>();
        new MessagesBlocksReader(_prompt).Read(system, parts);
        _prompt.System.AddRange(parts.OfType<TextPart>().Select(p => p.Text));
    }

    private void ReadMessages(JsonElement messages)
    {
        if (messages.ValueKind != JsonValueKind.Array || messages.GetArrayLength() == 0)
        {
            _prompt.Malformed("messages", "must be an array with at least one message");
        }

        var blocks = new MessagesBlocksReader(_prompt);
        foreach (var message in messages.Items())
        {
            switch (message.Get("role"u8).AsString())
            {
                case "user":
                    ReadTurn(blocks, message, TurnRole.User);
                    break;
                case "assistant":
                    ReadTurn(blocks, message, TurnRole.Assistant);
                    break;
                case "system":
                    _prompt.Ask("messages[].role");
                    ReadTurn(blocks, message, TurnRole.System);
                    break;
                default:
                    _prompt.Malformed("messages[].role", "must be 'user', 'assistant' or 'system'");
                    break;
            }
        }

        if (_prompt.Turns is [.., { Role: TurnRole.Assistant }])
        {
            _prompt.Ask("messages[-1]");
        }
    }

    // Anthropic has them so, too, and no other wire has a place for them on the other side.
    private void ReadTurn(MessagesBlocksReader blocks, JsonElement message, TurnRole role)
    {
        var parts = _prompt.Say(role);
        var before = parts.Count;
        blocks.Read(message.Get("content"u8), parts);
        if (parts.Skip(before).Any(p => p is ToolCallPart or ThinkingPart ? role is not TurnRole.Assistant : p is ToolResultPart && role is not TurnRole.User))
        {
            _prompt.Malformed("messages[].content[].type", "may be 'tool_use' and 'thinking' on the assistant's side only, and 'tool_result' on the user's only");
        }
    }

    private void ReadTools(JsonElement tools)
    {
        foreach (var tool in tools.Items())
        {
            if (tool.Get("type"u8) is var type && type.IsGiven() && !type.Is("custom"u8))
            {
                _prompt.Ask("tools[].type");
                continue;
            }

            if (!tool.Get("name"u8).IsString() || tool.Get("input_schema"u8).ValueKind != JsonValueKind.Object)
            {
                _prompt.Malformed("tools[]", "must have a name that is a string and an input_schema that is an object");
            }

            var strict = tool.Get("strict"u8).AsBool();
            AskIf(strict is true, "tools[].strict");
            AskIf(tool.Get("cache_control"u8).IsGiven(), "cache_control");
            AskIf(tool.Get("defer_loading"u8).IsTrue(), "tools[].defer_loading");
            AskIf(tool.Get("input_examples"u8).IsGiven(), "tools[].input_examples");
            AskIf(tool.Get("allowed_callers"u8).Items().Any(c => !c.Is("direct"u8)), "tools[].allowed_callers");
            _prompt.Tools.Add(new ToolSpec(tool.Get("name"u8).AsText(), tool.Get("description"u8).AsText(), tool.Get("input_schema"u8), strict));
        }
    }

    private void ReadToolChoice(JsonElement choice)
    {
        _prompt.ToolChoice = choice.Get("type"u8).AsString() switch
        {
            "auto" => new(ToolMode.Auto, default),
            "any" => new(ToolMode.Required, default),
            "none" => new(ToolMode.None, default),
            "tool" => new(ToolMode.Named, choice.Get("name"u8).AsText()),
            _ => null,
        };
        if (_prompt.ToolChoice is null or { Mode: ToolMode.Named, Name.IsEmpty: true })
        {
            _prompt.Malformed("tool_choice", "must have the type 'auto', 'any', 'none' or 'tool', and for 'tool' a name");
        }

        if (choice.Get("disable_parallel_tool_use"u8).IsTrue())
        {
            _prompt.ParallelCalls = false;
            _prompt.Ask("tool_choice.disable_parallel_tool_use");
        }
    }

    private void ReadFormat(JsonElement format)
    {
        if (!format.IsGiven())
        {
            return;
        }

        if (!format.Get("type"u8).Is("json_schema"u8) || format.Get("schema"u8).ValueKind != JsonValueKind.Object)
        {
            _prompt.Malformed("output_config.format", "must have the type 'json_schema' and a schema that is an object");
        }

        _prompt.Format = new OutputFormat(default, default, format.Get("schema"u8), null);
    }

    private void ReadReasoning(JsonElement thinking, JsonElement output)
    {
        var effort = output.Get("effort"u8).AsString();
        var type = thinking.Get("type"u8).AsString();
        var display = thinking.Get("display"u8);
        if (type is null && effort is null)
        {
            return;
        }

        _prompt.Reasoning = new Reasoning(
            effort, thinking.Get("budget_tokens"u8).AsLong(), type is "disabled", display.IsGiven() ? display.Is("summarized"u8) : null);
        AskIf(effort is not null, "output_config.effort");
        AskIf(type is "enabled" or "disabled", "thinking");
        AskIf(display.IsGiven(), "thinking.display");
    }

    private void AskIf(bool condition, string path)
    {
        if (condition)
        {
            _prompt.Ask(path);
        }
    }
}
