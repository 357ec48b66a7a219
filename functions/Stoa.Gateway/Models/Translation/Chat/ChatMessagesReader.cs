using System.Text.Json;
using Stoa.Gateway.Models.Translation.Neutral;

namespace Stoa.Gateway.Models.Translation.Chat;

/// <summary>Takes the messages of a chat completions request apart.</summary>
internal sealed class ChatMessagesReader(Prompt prompt)
{
    private readonly ChatPartsReader _parts = new(prompt);

    public void Read(JsonElement messages)
    {
        if (messages.ValueKind != JsonValueKind.Array || messages.GetArrayLength() == 0)
        {
            prompt.Malformed("messages", "must be an array with at least one message");
        }

        foreach (var message in messages.Items())
        {
            ReadMessage(message);
        }

        if (prompt.Turns is [.., { Role: TurnRole.Assistant }])
        {
            prompt.Ask("messages[-1]");
        }
    }

    private void ReadMessage(JsonElement message)
    {
        if (message.Get("name"u8).IsGiven())
        {
            prompt.Ask("messages[].name");
        }

        var content = message.Get("content"u8);
        switch (message.Get("role"u8).AsString())
        {
            case "system" or "developer":
                ReadSystem(content);
                break;
            case "user":
                _parts.Read(content, prompt.Say(TurnRole.User));
                break;
            case "assistant":
                ReadAssistant(message, content);
                break;
            case "tool":
                ReadToolResult(message, content);
                break;
            case "function":
                prompt.Ask("messages[].function_call");
                break;
            default:
                prompt.Malformed("messages[].role", "must be 'system', 'developer', 'user', 'assistant' or 'tool'");
                break;
        }
    }

    private void ReadSystem(JsonElement content)
    {
        var parts = new List<Part>();
        _parts.Read(content, parts);
        prompt.Instruct(parts.OfType<TextPart>(), "messages[].role");
    }

    private void ReadAssistant(JsonElement message, JsonElement content)
    {
        var parts = prompt.Say(TurnRole.Assistant);
        ChatThinking.Read(message, parts);
        if (parts is [.., ThinkingPart])
        {
            prompt.Ask("messages[].reasoning_content");
        }

        _parts.Read(content, parts, mayBeMissing: true);
        if (message.Get("refusal"u8) is var refusal && refusal.IsString())
        {
            parts.Add(new RefusalPart(refusal.AsText()));
        }

        if (message.Get("audio"u8).IsGiven())
        {
            prompt.Ask("messages[].audio");
        }

        if (message.Get("function_call"u8).IsGiven())
        {
            prompt.Ask("messages[].function_call");
        }

        foreach (var call in message.Get("tool_calls"u8).Items())
        {
            ReadToolCall(call, parts);
        }
    }

    private void ReadToolCall(JsonElement call, List<Part> parts)
    {
        // Mistral's own client leaves the type out.
        if (call.Get("type"u8) is var type && type.IsGiven() && !type.Is("function"u8))
        {
            prompt.Ask("messages[].tool_calls[].type");
            return;
        }

        var function = call.Get("function"u8);
        if (!call.Get("id"u8).IsString() || !function.Get("name"u8).IsString())
        {
            prompt.Malformed("messages[].tool_calls[]", "must have an id and a function with a name, both strings");
        }

        parts.Add(new ToolCallPart(
            call.Get("id"u8).AsText(), function.Get("name"u8).AsText(), new ToolArguments(function.Get("arguments"u8)), ChatThinking.SealOf(call)));
    }

    private void ReadToolResult(JsonElement message, JsonElement content)
    {
        if (!message.Get("tool_call_id"u8).IsString())
        {
            prompt.Malformed("messages[].tool_call_id", "must be a string in a message of role 'tool'");
        }

        var parts = new List<Part>();
        _parts.Read(content, parts, mayBeMissing: true);
        prompt.Say(TurnRole.User).Add(
            new ToolResultPart(message.Get("tool_call_id"u8).AsText(), message.Get("name"u8).AsText(), parts, IsError: false));
    }
}
