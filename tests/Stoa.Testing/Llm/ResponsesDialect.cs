namespace Stoa.Testing.Llm;

/// <summary>OpenAI responses (API reference, "Responses" and "Responses streaming events").</summary>
internal sealed class ResponsesDialect : Dialect
{
    public override string Broken => "event: error\n" + LlmReply.Data(new { type = "error", code = "server_error", message = "The server had an error while processing your request.", param = (string?)null, sequence_number = 99 });

    public override string Whole(LlmReply reply) => LlmReply.Json(Response(reply, Status(reply), Items(reply)));

    public override IEnumerable<LlmFrame> Frames(LlmReply reply)
    {
        var sequence = 0;
        string Event(string type, params (string Name, object? Value)[] members)
        {
            var value = new Dictionary<string, object?> { ["type"] = type, ["sequence_number"] = sequence++ };
            foreach (var (name, member) in members)
            {
                value[name] = member;
            }

            return $"event: {type}\n{LlmReply.Data(value)}";
        }

        yield return new(Event("response.created", ("response", Response(reply, "in_progress", []))));
        yield return new(Event("response.in_progress", ("response", Response(reply, "in_progress", []))));
        var items = Items(reply);
        var index = 0;
        foreach (var group in reply.Pieces.GroupBy(p => (p.Kind, p.Call)))
        {
            var id = ItemId(reply, group.Key.Kind, group.Key.Call);
            yield return new(Event("response.output_item.added", ("output_index", index), ("item", Opening(reply, group.Key.Kind, group.Key.Call))));
            if (group.Key.Kind is LlmPieceKind.Text)
            {
                yield return new(Event("response.content_part.added", ("item_id", id), ("output_index", index), ("content_index", 0), ("part", Part(""))));
            }

            foreach (var piece in group)
            {
                yield return piece.Kind switch
                {
                    LlmPieceKind.Thinking => new("", IsPiece: true),
                    LlmPieceKind.Text => new(Event("response.output_text.delta", ("item_id", id), ("output_index", index), ("content_index", 0), ("delta", piece.Text), ("logprobs", Array.Empty<object>()), ("obfuscation", "p4d")), IsPiece: true),
                    _ => new(Event("response.function_call_arguments.delta", ("item_id", id), ("output_index", index), ("delta", piece.Text), ("obfuscation", "p4d")), IsPiece: true),
                };
            }

            var all = string.Concat(group.Select(p => p.Text));
            if (group.Key.Kind is LlmPieceKind.Text)
            {
                yield return new(Event("response.output_text.done", ("item_id", id), ("output_index", index), ("content_index", 0), ("text", all), ("logprobs", Array.Empty<object>())));
                yield return new(Event("response.content_part.done", ("item_id", id), ("output_index", index), ("content_index", 0), ("part", Part(all))));
            }
            else if (group.Key.Kind is LlmPieceKind.Call)
            {
                yield return new(Event("response.function_call_arguments.done", ("item_id", id), ("output_index", index), ("name", reply.Turn.Calls[group.Key.Call].Name), ("arguments", all)));
            }

            yield return new(Event("response.output_item.done", ("output_index", index), ("item", items[index])));
            index++;
        }

        yield return new(Event(reply.IsCut ? "response.incomplete" : "response.completed", ("response", Response(reply, Status(reply), items))));
    }

    private static string Status(LlmReply reply) => reply.IsCut ? "incomplete" : "completed";

    private static string ItemId(LlmReply reply, LlmPieceKind kind, int call) => kind switch
    {
        LlmPieceKind.Thinking => "rs_" + reply.Id,
        LlmPieceKind.Text => "msg_" + reply.Id,
        _ => $"fc_{reply.Id}{call}",
    };

    private static object Part(string text) => new { type = "output_text", text, annotations = Array.Empty<object>(), logprobs = Array.Empty<object>() };

    private static object Opening(LlmReply reply, LlmPieceKind kind, int call) => kind switch
    {
        LlmPieceKind.Thinking => new { id = ItemId(reply, kind, call), type = "reasoning", summary = Array.Empty<object>() },
        LlmPieceKind.Text => new { id = ItemId(reply, kind, call), type = "message", status = "in_progress", content = Array.Empty<object>(), role = "assistant" },
        _ => new { id = ItemId(reply, kind, call), type = "function_call", status = "in_progress", arguments = "", call_id = $"call_{reply.Id}{call}", name = reply.Turn.Calls[call].Name },
    };

    private static List<object> Items(LlmReply reply)
    {
        List<object> items = [];
        if (reply.Thinking.Length > 0)
        {
            items.Add(new { id = ItemId(reply, LlmPieceKind.Thinking, 0), type = "reasoning", summary = Array.Empty<object>() });
        }

        if (reply.Text.Length > 0)
        {
            items.Add(new { id = ItemId(reply, LlmPieceKind.Text, 0), type = "message", status = Status(reply), content = new[] { Part(reply.Text) }, role = "assistant" });
        }

        items.AddRange(reply.Calls.Select(c => new
        {
            id = ItemId(reply, LlmPieceKind.Call, c.Index), type = "function_call", status = Status(reply), arguments = c.Arguments, call_id = $"call_{reply.Id}{c.Index}", name = c.Name,
        }));
        return items;
    }

    private static Dictionary<string, object?> Response(LlmReply reply, string status, IReadOnlyList<object> output) => new()
    {
        ["id"] = "resp_" + reply.Id,
        ["object"] = "response",
        ["created_at"] = 1_741_476_542,
        ["status"] = status,
        ["error"] = null,
        ["incomplete_details"] = status is "incomplete" ? new { reason = "max_output_tokens" } : null,
        ["instructions"] = null,
        ["max_output_tokens"] = reply.Ask.MaxTokens,
        ["model"] = reply.Ask.Model,
        ["output"] = output,
        ["parallel_tool_calls"] = true,
        ["previous_response_id"] = null,
        ["reasoning"] = new { effort = (string?)null, summary = (string?)null },
        ["store"] = true,
        ["temperature"] = 1.0,
        ["text"] = new { format = new { type = "text" } },
        ["tool_choice"] = "auto",
        ["tools"] = Array.Empty<object>(),
        ["top_p"] = 1.0,
        ["truncation"] = "disabled",
        ["usage"] = status is "in_progress" || reply.Turn.HidesUsage ? null : new
        {
            input_tokens = reply.Input,
            input_tokens_details = new { cached_tokens = reply.Turn.CacheRead },
            output_tokens = reply.Output,
            output_tokens_details = new { reasoning_tokens = reply.Reasoning },
            total_tokens = reply.Input + reply.Output,
        },
        ["user"] = null,
        ["metadata"] = new { },
    };
}
