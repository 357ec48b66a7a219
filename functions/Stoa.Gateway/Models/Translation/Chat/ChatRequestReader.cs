using System.Text.Json;
using Stoa.Gateway.Models.Translation.Neutral;

namespace Stoa.Gateway.Models.Translation.Chat;

/// <summary>Takes a chat completions request apart.</summary>
internal sealed class ChatRequestReader
{
    private readonly Prompt _prompt = new(Wire.Chat);

    public static Prompt Read(JsonElement root)
    {
        var reader = new ChatRequestReader();
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

        return reader._prompt;
    }

    private void ReadMember(string name, JsonElement value)
    {
        _prompt.Check(name, value);
        switch (name)
        {
            case "model" or "stream" or "stream_options":
                break;
            case "messages":
                new ChatMessagesReader(_prompt).Read(value);
                break;
            case "tools":
                OpenAITools.Read(_prompt, value, t => t.Get("function"u8), "tools[].function.strict");
                break;
            case "tool_choice":
                OpenAITools.ReadChoice(_prompt, value, c => c.Get("function"u8), c => c.Get("allowed_tools"u8));
                break;
            case "parallel_tool_calls":
                _prompt.ParallelCalls = value.AsBool();
                AskIf(value.ValueKind == JsonValueKind.False, name);
                break;
            case "response_format":
                OpenAIFormats.Read(_prompt, value, value.Get("json_schema"u8), name);
                break;
            case "max_completion_tokens":
                _prompt.MaxOutputTokens = value.AsLong() ?? _prompt.MaxOutputTokens;
                break;
            case "max_tokens":
                _prompt.MaxOutputTokens ??= value.AsLong();
                break;
            case "stop":
                ReadStop(value);
                break;
            case "reasoning_effort":
                _prompt.Reasoning = OpenAIFormats.ReadEffort(value, showsThoughts: null);
                _prompt.Ask(name, value);
                break;
            case "n":
                AskIf(value.AsLong() is not 1, name);
                break;
            case "logprobs":
                AskIf(value.IsTrue(), name);
                break;
            case "modalities":
                AskIf(value.Items().Any(m => m.Is("audio"u8)), name);
                break;
            case "service_tier":
                AskIf(!value.Is("auto"u8) && !value.Is("default"u8), name);
                break;
            case "store":
                AskIf(value.IsTrue(), name);
                break;
            case "presence_penalty" or "frequency_penalty":
                AskIf(value.ValueKind != JsonValueKind.Number || value.GetRawText() is not ("0" or "0.0"), name, value);
                break;
            default:
                _prompt.Ask(name, value);
                break;
        }
    }

    private void AskIf(bool condition, string name, JsonElement value = default)
    {
        if (condition)
        {
            _prompt.Ask(name, value);
        }
    }

    private void ReadStop(JsonElement value)
    {
        if (value.IsString())
        {
            _prompt.Stop.Add(value.AsText());
        }

        _prompt.Stop.AddRange(value.Items().Where(s => s.IsString()).Select(s => s.AsText()));
    }
}
