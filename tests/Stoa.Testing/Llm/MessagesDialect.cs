using System.Text.Json.Nodes;

namespace Stoa.Testing.Llm;

/// <summary>Anthropic messages (API reference, "Messages" and "Streaming messages"). Input tokens leave the cached ones out, as theirs do.</summary>
internal sealed class MessagesDialect : Dialect
{
    public override string Broken => Event("error", new { type = "error", error = new { type = "overloaded_error", message = "Overloaded" } });

    public override string Whole(LlmReply reply)
    {
        List<object> content = [];
        if (reply.Thinking.Length > 0)
        {
            content.Add(new { type = "thinking", thinking = reply.Thinking, signature = "c2lnbmVk" });
        }

        if (reply.Text.Length > 0)
        {
            content.Add(new { type = "text", text = reply.Text });
        }

        content.AddRange(reply.Calls.Select(c => new { type = "tool_use", id = CallId(reply, c.Index), name = c.Name, input = Complete(c.Arguments) }));
        var message = Message(reply, content, StopReason(reply));
        if (!reply.Turn.HidesUsage)
        {
            message["usage"] = Usage(reply, reply.Output);
        }

        return LlmReply.Json(message);
    }

    public override IEnumerable<LlmFrame> Frames(LlmReply reply)
    {
        var head = Message(reply, [], null);
        if (!reply.Turn.HidesUsage)
        {
            head["usage"] = Usage(reply, 1);
        }

        yield return new(Event("message_start", new { type = "message_start", message = head }));
        yield return new(Event("ping", new { type = "ping" }));
        var index = -1;
        (LlmPieceKind, int)? open = null;
        foreach (var piece in reply.Pieces)
        {
            if (open != (piece.Kind, piece.Call))
            {
                if (open is not null)
                {
                    yield return new(Stop(open.Value.Item1, index));
                }

                open = (piece.Kind, piece.Call);
                yield return new(Event("content_block_start", new { type = "content_block_start", index = ++index, content_block = Block(reply, piece) }));
            }

            yield return new(Event("content_block_delta", new { type = "content_block_delta", index, delta = Delta(piece) }), IsPiece: true);
        }

        if (open is not null)
        {
            yield return new(Stop(open.Value.Item1, index));
        }

        var delta = new { stop_reason = StopReason(reply), stop_sequence = (string?)null };
        yield return new(Event("message_delta", reply.Turn.HidesUsage ? new { type = "message_delta", delta } : new { type = "message_delta", delta, usage = new { output_tokens = reply.Output } }));
        yield return new(Event("message_stop", new { type = "message_stop" }));
    }

    private static string Event(string name, object value) => $"event: {name}\n{LlmReply.Data(value)}";

    private static string CallId(LlmReply reply, int index) => $"toolu_{reply.Id}{index}";

    private static string StopReason(LlmReply reply) => reply.IsCut ? "max_tokens" : reply.Calls.Count > 0 ? "tool_use" : "end_turn";

    // Arguments that the bound cut off are no JSON; the real service leaves such a call out or incomplete.
    private static JsonNode Complete(string arguments)
    {
        try
        {
            return JsonNode.Parse(arguments)!;
        }
        catch (System.Text.Json.JsonException)
        {
            return new JsonObject();
        }
    }

    private static string Stop(LlmPieceKind kind, int index)
    {
        var stop = Event("content_block_stop", new { type = "content_block_stop", index });
        return kind is LlmPieceKind.Thinking
            ? Event("content_block_delta", new { type = "content_block_delta", index, delta = new { type = "signature_delta", signature = "c2lnbmVk" } }) + stop
            : stop;
    }

    private static object Block(LlmReply reply, LlmPiece piece) => piece.Kind switch
    {
        LlmPieceKind.Thinking => new { type = "thinking", thinking = "", signature = "" },
        LlmPieceKind.Text => new { type = "text", text = "" },
        _ => new { type = "tool_use", id = CallId(reply, piece.Call), name = reply.Turn.Calls[piece.Call].Name, input = new { } },
    };

    private static object Delta(LlmPiece piece) => piece.Kind switch
    {
        LlmPieceKind.Thinking => new { type = "thinking_delta", thinking = piece.Text },
        LlmPieceKind.Text => new { type = "text_delta", text = piece.Text },
        _ => new { type = "input_json_delta", partial_json = piece.Text },
    };

    private static Dictionary<string, object?> Message(LlmReply reply, IReadOnlyList<object> content, string? stopReason) => new()
    {
        ["id"] = "msg_" + reply.Id,
        ["type"] = "message",
        ["role"] = "assistant",
        ["model"] = reply.Ask.Model,
        ["content"] = content,
        ["stop_reason"] = stopReason,
        ["stop_sequence"] = null,
    };

    private static object Usage(LlmReply reply, long output) => new
    {
        input_tokens = reply.Input - reply.Turn.CacheRead - reply.Turn.CacheWrite,
        cache_creation_input_tokens = reply.Turn.CacheWrite,
        cache_read_input_tokens = reply.Turn.CacheRead,
        cache_creation = new { ephemeral_5m_input_tokens = reply.Turn.CacheWrite, ephemeral_1h_input_tokens = 0 },
        output_tokens = output,
        service_tier = "standard",
    };
}
