using System.Text;
using System.Text.Json;

namespace Stoa.Gateway.Tests.Models.Translation;

/// <summary>Checks that a text is a stream of chat completion chunks as OpenAI documents it, and says what it told.</summary>
internal static class ChatGrammar
{
    public static Told Check(string stream, bool wantsUsage = true)
    {
        var told = new Told();
        var events = Events.Read(stream).ToList();
        Assert.Equal("[DONE]", events[^1].Data);
        Assert.Single(events, e => e.Data == "[DONE]");
        string? head = null;
        var hasUsage = false;
        foreach (var (name, data) in events.SkipLast(1))
        {
            Assert.Equal("", name);
            Assert.False(hasUsage, "Usage is the last chunk.");
            using var document = JsonDocument.Parse(data);
            var chunk = document.RootElement;
            var own = $"{chunk.GetProperty("id").GetString()} {chunk.GetProperty("created").GetInt64()} {chunk.GetProperty("model").GetString()}";
            Assert.Equal(head ?? own, own);
            Assert.Equal("chat.completion.chunk", chunk.GetProperty("object").GetString());
            var choices = chunk.GetProperty("choices");
            if (choices.GetArrayLength() == 0)
            {
                hasUsage = true;
                ReadUsage(chunk.GetProperty("usage"), told);
            }
            else
            {
                ReadChoice(choices[0], told, isFirst: head is null);
            }

            head = own;
        }

        Assert.NotNull(head);
        Assert.NotEqual("", told.Stop);
        Assert.Equal(wantsUsage, hasUsage);
        return told;
    }

    private static void ReadChoice(JsonElement choice, Told told, bool isFirst)
    {
        Assert.Equal("", told.Stop);
        Assert.Equal(0, choice.GetProperty("index").GetInt32());
        var delta = choice.GetProperty("delta");
        Assert.Equal(isFirst, delta.TryGetProperty("role", out var role));
        Assert.True(!isFirst || role.GetString() == "assistant");
        foreach (var member in delta.EnumerateObject())
        {
            switch (member.Name)
            {
                case "role":
                    break;
                case "content" or "refusal":
                    told.Text.Append(member.Value.GetString());
                    break;
                case "reasoning_content":
                    told.Thinking.Append(member.Value.GetString());
                    break;
                case "tool_calls":
                    ReadCall(Assert.Single(member.Value.EnumerateArray()), told);
                    break;
                default:
                    Assert.Fail($"A delta has no {member.Name}.");
                    break;
            }
        }

        told.Stop = choice.GetProperty("finish_reason").GetString() switch
        {
            null => "",
            "stop" => "done",
            "length" => "length",
            "tool_calls" => "tool",
            "content_filter" => "filter",
            var other => throw new InvalidDataException(other),
        };
    }

    private static void ReadCall(JsonElement call, Told told)
    {
        var index = call.GetProperty("index").GetInt32();
        var function = call.GetProperty("function");
        if (call.TryGetProperty("id", out var id))
        {
            Assert.Equal(told.Calls.Count, index);
            Assert.Equal("function", call.GetProperty("type").GetString());
            told.Calls.Add((id.GetString()!, function.GetProperty("name").GetString()!, new StringBuilder()));
        }

        Assert.Equal(told.Calls.Count - 1, index);
        told.Calls[index].Arguments.Append(function.GetProperty("arguments").GetString());
    }

    private static void ReadUsage(JsonElement usage, Told told)
    {
        told.Input = usage.GetProperty("prompt_tokens").GetInt64();
        told.Output = usage.GetProperty("completion_tokens").GetInt64();
        told.Cached = usage.GetProperty("prompt_tokens_details").GetProperty("cached_tokens").GetInt64();
        Assert.Equal(told.Input + told.Output, usage.GetProperty("total_tokens").GetInt64());
    }
}
