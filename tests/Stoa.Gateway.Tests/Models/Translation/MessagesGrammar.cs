using System.Text;
using System.Text.Json;

namespace Stoa.Gateway.Tests.Models.Translation;

/// <summary>Checks that a text is a message stream as Anthropic documents it, and says what it told.</summary>
internal sealed class MessagesGrammar
{
    private readonly Told _told = new();
    private string? _open;
    private int _blocks;
    private bool _hasStarted;
    private bool _hasStopped;
    private bool _hasDelta;

    public static Told Check(string stream)
    {
        var grammar = new MessagesGrammar();
        foreach (var (name, data) in Events.Read(stream))
        {
            using var document = JsonDocument.Parse(data);
            Assert.Equal(name, document.RootElement.GetProperty("type").GetString());
            Assert.False(grammar._hasStopped, "Nothing follows message_stop.");
            grammar.Read(name, document.RootElement);
        }

        Assert.True(grammar._hasStopped, "The message has no end.");
        return grammar._told;
    }

    private void Read(string name, JsonElement data)
    {
        Assert.Equal(name != "message_start", _hasStarted);
        switch (name)
        {
            case "message_start":
                ReadStart(data.GetProperty("message"));
                break;
            case "ping":
                break;
            case "content_block_start":
                ReadBlockStart(data);
                break;
            case "content_block_delta":
                ReadDelta(data);
                break;
            case "content_block_stop":
                Assert.NotNull(_open);
                Assert.Equal(_blocks - 1, data.GetProperty("index").GetInt32());
                _open = null;
                break;
            case "message_delta":
                ReadEnd(data);
                break;
            case "message_stop":
                Assert.True(_hasDelta, "message_delta comes before message_stop.");
                _hasStopped = true;
                break;
            default:
                Assert.Fail($"There is no event {name}.");
                break;
        }
    }

    private void ReadStart(JsonElement message)
    {
        _hasStarted = true;
        Assert.StartsWith("msg_", message.GetProperty("id").GetString(), StringComparison.Ordinal);
        Assert.Equal("message", message.GetProperty("type").GetString());
        Assert.Equal("assistant", message.GetProperty("role").GetString());
        Assert.Equal(0, message.GetProperty("content").GetArrayLength());
        Assert.Equal(JsonValueKind.Null, message.GetProperty("stop_reason").ValueKind);
        Assert.True(message.GetProperty("usage").GetProperty("input_tokens").GetInt64() >= 0);
    }

    private void ReadBlockStart(JsonElement data)
    {
        Assert.Null(_open);
        Assert.False(_hasDelta, "Blocks come before message_delta.");
        Assert.Equal(_blocks++, data.GetProperty("index").GetInt32());
        var block = data.GetProperty("content_block");
        _open = block.GetProperty("type").GetString();
        switch (_open)
        {
            case "text":
                Assert.Equal("", block.GetProperty("text").GetString());
                break;
            case "thinking":
                Assert.Equal("", block.GetProperty("thinking").GetString());
                Assert.Equal("", block.GetProperty("signature").GetString());
                break;
            case "redacted_thinking":
                Assert.NotEqual("", block.GetProperty("data").GetString());
                break;
            case "tool_use":
                Assert.Equal("{}", block.GetProperty("input").GetRawText());
                _told.Calls.Add((block.GetProperty("id").GetString()!, block.GetProperty("name").GetString()!, new StringBuilder()));
                break;
            default:
                Assert.Fail($"There is no block {_open}.");
                break;
        }
    }

    private void ReadDelta(JsonElement data)
    {
        Assert.Equal(_blocks - 1, data.GetProperty("index").GetInt32());
        var delta = data.GetProperty("delta");
        switch (delta.GetProperty("type").GetString())
        {
            case "text_delta":
                Assert.Equal("text", _open);
                _told.Text.Append(delta.GetProperty("text").GetString());
                break;
            case "thinking_delta":
                Assert.Equal("thinking", _open);
                _told.Thinking.Append(delta.GetProperty("thinking").GetString());
                break;
            case "signature_delta":
                Assert.Equal("thinking", _open);
                Assert.NotEqual("", delta.GetProperty("signature").GetString());
                break;
            case "input_json_delta":
                Assert.Equal("tool_use", _open);
                _told.Calls[^1].Arguments.Append(delta.GetProperty("partial_json").GetString());
                break;
            default:
                Assert.Fail("There is no such delta.");
                break;
        }
    }

    private void ReadEnd(JsonElement data)
    {
        Assert.Null(_open);
        Assert.False(_hasDelta);
        _hasDelta = true;
        _told.Stop = data.GetProperty("delta").GetProperty("stop_reason").GetString() switch
        {
            "end_turn" or "stop_sequence" or "pause_turn" => "done",
            "max_tokens" or "model_context_window_exceeded" => "length",
            "tool_use" => "tool",
            "refusal" => "filter",
            var other => throw new InvalidDataException(other),
        };
        var usage = data.GetProperty("usage");
        _told.Cached = usage.GetProperty("cache_read_input_tokens").GetInt64();
        _told.Input = usage.GetProperty("input_tokens").GetInt64() + _told.Cached + usage.GetProperty("cache_creation_input_tokens").GetInt64();
        _told.Output = usage.GetProperty("output_tokens").GetInt64();
        foreach (var call in _told.Calls.Where(c => c.Arguments.Length == 0))
        {
            // What Anthropic itself does for a tool without arguments.
            call.Arguments.Append("{}");
        }
    }
}
