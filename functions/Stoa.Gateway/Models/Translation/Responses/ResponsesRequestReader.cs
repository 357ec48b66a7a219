using System.Text.Json;
using Stoa.Gateway.Models.Translation.Chat;
using Stoa.Gateway.Models.Translation.Neutral;

namespace Stoa.Gateway.Models.Translation.Responses;

/// <summary>Takes a responses request apart. The gateway stores nothing, so <c>input</c> must hold the whole conversation.</summary>
internal sealed class ResponsesRequestReader
{
    private readonly Prompt _prompt = new(Wire.Responses);

    public static Prompt Read(JsonElement root)
    {
        var reader = new ResponsesRequestReader();
        if (root.Get("instructions"u8) is var instructions && instructions.IsString())
        {
            reader._prompt.System.Add(instructions.AsText());
        }

        foreach (var member in root.EnumerateObject())
        {
            if (member.Value.IsGiven())
            {
                reader.ReadMember(member.Name, member.Value);
            }
        }

        if (!root.Get("input"u8).IsGiven())
        {
            reader._prompt.Malformed("input", "is missing");
        }

        return reader._prompt;
    }

    private void ReadMember(string name, JsonElement value)
    {
        _prompt.Check(name, value);
        switch (name)
        {
            case "model" or "stream" or "stream_options" or "instructions":
                break;
            case "input":
                new ResponsesItemsReader(_prompt).Read(value);
                break;
            case "tools":
                ReadTools(value);
                break;
            case "tool_choice":
                OpenAITools.ReadChoice(_prompt, value, c => c, c => c);
                break;
            case "parallel_tool_calls":
                _prompt.ParallelCalls = value.AsBool();
                AskIf(value.ValueKind == JsonValueKind.False, name);
                break;
            case "max_output_tokens":
                _prompt.MaxOutputTokens = value.AsLong();
                break;
            case "text":
                ReadText(value);
                break;
            case "reasoning":
                ReadReasoning(value);
                break;
            case "include":
                AskIf(value.Items().Any(i => i.Is("message.output_text.logprobs"u8)), name);
                break;
            case "store" or "background":
                AskIf(value.IsTrue(), name);
                break;
            case "truncation":
                AskIf(!value.Is("disabled"u8), name);
                break;
            case "service_tier":
                AskIf(!value.Is("auto"u8) && !value.Is("default"u8), name);
                break;
            case "metadata":
                AskIf(value.ValueKind == JsonValueKind.Object && value.EnumerateObject().Any(), name);
                break;
            default:
                _prompt.Ask(name, value);
                break;
        }
    }

    private void ReadTools(JsonElement tools)
    {
        foreach (var tool in tools.Items())
        {
            AskIf(tool.Get("defer_loading"u8).IsTrue(), "tools[].defer_loading");
            AskIf(tool.Get("allowed_callers"u8).Items().Any(c => !c.Is("direct"u8)), "tools[].allowed_callers");
            AskIf(tool.Get("type"u8).Is("custom"u8), "tools[].format");
        }

        OpenAITools.Read(_prompt, tools, t => t, "tools[].strict");
    }

    private void ReadText(JsonElement text)
    {
        if (text.Get("format"u8) is var format && format.IsGiven())
        {
            OpenAIFormats.Read(_prompt, format, format, "text.format");
        }

        if (text.Get("verbosity"u8) is var verbosity && verbosity.IsGiven())
        {
            _prompt.Ask("text.verbosity", verbosity);
        }
    }

    private void ReadReasoning(JsonElement reasoning)
    {
        var summary = reasoning.Get("summary"u8);
        var effort = reasoning.Get("effort"u8);
        _prompt.Reasoning = OpenAIFormats.ReadEffort(effort, summary.IsGiven() ? true : null);
        if (effort.IsGiven())
        {
            _prompt.Ask("reasoning.effort", effort);
        }

        AskIf(summary.IsGiven(), "reasoning.summary");
    }

    private void AskIf(bool condition, string path)
    {
        if (condition)
        {
            _prompt.Ask(path);
        }
    }
}
