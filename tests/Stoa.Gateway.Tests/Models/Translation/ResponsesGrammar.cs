using System.Text;
using System.Text.Json;

namespace Stoa.Gateway.Tests.Models.Translation;

/// <summary>Checks that a text is a response stream as OpenAI documents it, that its last event repeats what came before, and says what it told.</summary>
internal sealed class ResponsesGrammar
{
    private readonly Told _told = new();
    private readonly List<string> _items = [];
    private readonly StringBuilder _piece = new();
    private string? _openItem;
    private string? _openPart;
    private long _sequence = -1;
    private int _phase;

    public static Told Check(string stream)
    {
        var grammar = new ResponsesGrammar();
        foreach (var (name, data) in Events.Read(stream))
        {
            using var document = JsonDocument.Parse(data);
            Assert.Equal(name, document.RootElement.GetProperty("type").GetString());
            Assert.Equal(++grammar._sequence, document.RootElement.GetProperty("sequence_number").GetInt64());
            grammar.Read(name, document.RootElement);
        }

        Assert.Equal(3, grammar._phase);
        return grammar._told;
    }

    private void Read(string name, JsonElement data)
    {
        switch (name)
        {
            case "response.created":
                Assert.Equal(0, _phase++);
                ReadResponse(data.GetProperty("response"), "in_progress");
                break;
            case "response.in_progress":
                Assert.Equal(1, _phase++);
                ReadResponse(data.GetProperty("response"), "in_progress");
                break;
            case "response.completed" or "response.incomplete":
                Assert.Equal(2, _phase++);
                ReadEnd(data.GetProperty("response"), name[9..]);
                break;
            case "response.output_item.added":
                Assert.Null(_openItem);
                Assert.Equal(_items.Count, data.GetProperty("output_index").GetInt32());
                _openItem = data.GetProperty("item").GetProperty("id").GetString();
                _piece.Clear();
                break;
            case "response.output_item.done":
                Assert.Null(_openPart);
                CheckPlace(data, data.GetProperty("item").GetProperty("id"));
                _items.Add(data.GetProperty("item").GetRawText());
                _openItem = null;
                break;
            default:
                CheckPlace(data, data.GetProperty("item_id"));
                ReadPiece(name, data);
                break;
        }
    }

    private void CheckPlace(JsonElement data, JsonElement id)
    {
        Assert.Equal(2, _phase);
        Assert.Equal(_openItem, id.GetString());
        Assert.Equal(_items.Count, data.GetProperty("output_index").GetInt32());
    }

    private void ReadPiece(string name, JsonElement data)
    {
        switch (name)
        {
            case "response.content_part.added" or "response.reasoning_summary_part.added":
                Assert.Null(_openPart);
                _openPart = data.GetProperty("part").GetProperty("type").GetString();
                break;
            case "response.content_part.done" or "response.reasoning_summary_part.done":
                Assert.Equal(_openPart, data.GetProperty("part").GetProperty("type").GetString());
                _openPart = null;
                break;
            case "response.output_text.delta":
                Assert.Equal("output_text", _openPart);
                Append(_told.Text, data);
                break;
            case "response.refusal.delta":
                Assert.Equal("refusal", _openPart);
                Append(_told.Text, data);
                break;
            case "response.reasoning_summary_text.delta":
                Assert.Equal("summary_text", _openPart);
                Append(_told.Thinking, data);
                break;
            case "response.function_call_arguments.delta":
                _piece.Append(data.GetProperty("delta").GetString());
                break;
            case "response.output_text.done" or "response.reasoning_summary_text.done":
                Assert.Equal(_piece.ToString(), data.GetProperty("text").GetString());
                break;
            case "response.refusal.done":
                Assert.Equal(_piece.ToString(), data.GetProperty("refusal").GetString());
                break;
            case "response.function_call_arguments.done":
                Assert.Equal(_piece.ToString(), data.GetProperty("arguments").GetString());
                break;
            default:
                Assert.Fail($"There is no event {name}.");
                break;
        }
    }

    private void Append(StringBuilder told, JsonElement data)
    {
        _piece.Append(data.GetProperty("delta").GetString());
        told.Append(data.GetProperty("delta").GetString());
    }

    private static void ReadResponse(JsonElement response, string status)
    {
        Assert.StartsWith("resp_", response.GetProperty("id").GetString(), StringComparison.Ordinal);
        Assert.Equal("response", response.GetProperty("object").GetString());
        Assert.Equal(status, response.GetProperty("status").GetString());
        foreach (var member in (string[])["created_at", "error", "incomplete_details", "instructions", "metadata", "model", "output", "parallel_tool_calls", "temperature", "tool_choice", "tools", "top_p", "usage"])
        {
            Assert.True(response.TryGetProperty(member, out _), member);
        }
    }

    private void ReadEnd(JsonElement response, string status)
    {
        Assert.Null(_openItem);
        ReadResponse(response, status);
        Assert.Equal(_items, response.GetProperty("output").EnumerateArray().Select(i => i.GetRawText()));
        var text = new StringBuilder();
        foreach (var item in response.GetProperty("output").EnumerateArray())
        {
            switch (item.GetProperty("type").GetString())
            {
                case "function_call":
                    _told.Calls.Add((item.GetProperty("call_id").GetString()!, item.GetProperty("name").GetString()!, new StringBuilder(item.GetProperty("arguments").GetString())));
                    break;
                case "message":
                    var part = Assert.Single(item.GetProperty("content").EnumerateArray());
                    text.Append(part.GetProperty(part.GetProperty("type").GetString() is "refusal" ? "refusal" : "text").GetString());
                    break;
                default:
                    break;
            }
        }

        Assert.Equal(_told.Text.ToString(), text.ToString());
        _told.Stop = (status, response.GetProperty("incomplete_details")) switch
        {
            ("incomplete", var details) when details.GetProperty("reason").GetString() is "content_filter" => "filter",
            ("incomplete", _) => "length",
            _ => _told.Calls.Count > 0 ? "tool" : "done",
        };
        var usage = response.GetProperty("usage");
        _told.Input = usage.GetProperty("input_tokens").GetInt64();
        _told.Cached = usage.GetProperty("input_tokens_details").GetProperty("cached_tokens").GetInt64();
        _told.Output = usage.GetProperty("output_tokens").GetInt64();
        Assert.True(usage.TryGetProperty("output_tokens_details", out _));
    }
}
