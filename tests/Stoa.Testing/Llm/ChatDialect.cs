namespace Stoa.Testing.Llm;

/// <summary>OpenAI chat completions (API reference, "Chat Completions" and "Chat Completions streaming"), and Azure's additions to them.</summary>
internal sealed class ChatDialect : Dialect
{
    private const long Created = 1_741_569_952;

    public override string Broken => LlmReply.Data(new { error = new { message = "The server had an error while processing your request.", type = "server_error", param = (string?)null, code = (string?)null } });

    public override string Whole(LlmReply reply)
    {
        var message = new Dictionary<string, object?> { ["role"] = "assistant", ["content"] = reply.Text.Length > 0 ? reply.Text : null, ["refusal"] = null, ["annotations"] = Array.Empty<object>() };
        if (reply.Calls.Count > 0)
        {
            message["tool_calls"] = reply.Calls.Select(c => new { id = CallId(reply, c.Index), type = "function", function = new { name = c.Name, arguments = c.Arguments } });
        }

        var answer = new Dictionary<string, object?>
        {
            ["id"] = "chatcmpl-" + reply.Id,
            ["object"] = "chat.completion",
            ["created"] = Created,
            ["model"] = reply.Ask.Model,
            ["choices"] = new[] { new { index = 0, message, logprobs = (object?)null, finish_reason = Finish(reply) } },
            ["service_tier"] = "default",
            ["system_fingerprint"] = "fp_44709d6fcb",
        };
        if (reply.Ask.Shape is LlmShape.Azure)
        {
            answer["prompt_filter_results"] = Filter;
        }

        if (!reply.Turn.HidesUsage)
        {
            answer["usage"] = Usage(reply);
        }

        return LlmReply.Json(answer);
    }

    public override IEnumerable<LlmFrame> Frames(LlmReply reply)
    {
        var wantsUsage = LlmAsk.Member(reply.Ask.Body, "stream_options") is { } options && LlmAsk.Member(options, "include_usage") is { ValueKind: System.Text.Json.JsonValueKind.True };
        if (reply.Ask.Shape is LlmShape.Azure)
        {
            yield return new(LlmReply.Data(new { choices = Array.Empty<object>(), created = 0, id = "", model = "", @object = "", prompt_filter_results = Filter }));
        }

        yield return new(Chunk(reply, new { role = "assistant", content = "", refusal = (string?)null }, null, wantsUsage));
        var open = -1;
        foreach (var piece in reply.Pieces)
        {
            if (piece.Kind is LlmPieceKind.Call && piece.Call != open)
            {
                open = piece.Call;
                yield return new(Chunk(reply, CallDelta(open, CallId(reply, open), reply.Turn.Calls[open].Name, ""), null, wantsUsage));
            }

            // What a reasoning model thinks is counted and not shown here.
            if (piece.Kind is LlmPieceKind.Thinking)
            {
                yield return new("", IsPiece: true);
                continue;
            }

            yield return new(Chunk(reply, piece.Kind is LlmPieceKind.Text ? new { content = piece.Text } : CallDelta(open, null, null, piece.Text), null, wantsUsage), IsPiece: true);
        }

        yield return new(Chunk(reply, new { }, Finish(reply), wantsUsage));
        if (wantsUsage && !reply.Turn.HidesUsage)
        {
            yield return new(LlmReply.Data(Head(reply, Array.Empty<object>(), ("usage", Usage(reply)))));
        }

        yield return new("data: [DONE]\n\n");
        if (reply.Turn.IsDoneTwice)
        {
            yield return new("data: [DONE]\n\n");
        }
    }

    private static object[] Filter => [new { prompt_index = 0, content_filter_results = new { hate = new { filtered = false, severity = "safe" } } }];

    private static string CallId(LlmReply reply, int index) => $"call_{reply.Id}{index}";

    private static string Finish(LlmReply reply) => reply.IsCut ? "length" : reply.Calls.Count > 0 ? "tool_calls" : "stop";

    private static object Usage(LlmReply reply) => new
    {
        prompt_tokens = reply.Input,
        completion_tokens = reply.Output,
        total_tokens = reply.Input + reply.Output,
        prompt_tokens_details = new { cached_tokens = reply.Turn.CacheRead, audio_tokens = 0 },
        completion_tokens_details = new { reasoning_tokens = reply.Reasoning, audio_tokens = 0, accepted_prediction_tokens = 0, rejected_prediction_tokens = 0 },
    };

    private static object CallDelta(int index, string? id, string? name, string arguments) => new
    {
        tool_calls = new object[] { id is null ? new { index, function = new { arguments } } : new { index, id, type = "function", function = new { name, arguments } } },
    };

    private static string Chunk(LlmReply reply, object delta, string? finish, bool wantsUsage)
    {
        object[] choices = [new { index = 0, delta, logprobs = (object?)null, finish_reason = finish }];
        return LlmReply.Data(wantsUsage ? Head(reply, choices, ("usage", null), ("obfuscation", "p4dD1ng")) : Head(reply, choices, ("obfuscation", "p4dD1ng")));
    }

    private static Dictionary<string, object?> Head(LlmReply reply, object[] choices, params (string Name, object? Value)[] more)
    {
        var chunk = new Dictionary<string, object?>
        {
            ["id"] = "chatcmpl-" + reply.Id,
            ["object"] = "chat.completion.chunk",
            ["created"] = Created,
            ["model"] = reply.Ask.Model,
            ["service_tier"] = "default",
            ["system_fingerprint"] = "fp_44709d6fcb",
            ["choices"] = choices,
        };
        foreach (var (name, value) in more)
        {
            chunk[name] = value;
        }

        return chunk;
    }
}
