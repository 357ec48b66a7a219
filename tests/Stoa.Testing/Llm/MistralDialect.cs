namespace Stoa.Testing.Llm;

/// <summary>
/// Mistral chat completions (API reference, "Chat"): usage comes unasked with the last chunk, a call of a tool in one piece, its id has nine
/// characters.
/// </summary>
internal sealed class MistralDialect : Dialect
{
    private const long Created = 1_741_569_952;

    public override string Broken => LlmReply.Data(new { @object = "error", message = "Internal server error.", type = "internal_server_error", param = (string?)null, code = "3700" });

    public override string Whole(LlmReply reply)
    {
        object[] choices = [new { index = 0, finish_reason = Finish(reply), message = new { role = "assistant", tool_calls = Calls(reply), content = reply.Text } }];
        return LlmReply.Json(reply.Turn.HidesUsage
            ? new { id = reply.Id, created = Created, model = reply.Ask.Model, @object = "chat.completion", choices }
            : new { id = reply.Id, created = Created, model = reply.Ask.Model, usage = Usage(reply), @object = "chat.completion", choices });
    }

    public override IEnumerable<LlmFrame> Frames(LlmReply reply)
    {
        yield return new(Chunk(reply, new { role = "assistant", content = "" }, null));
        foreach (var piece in reply.Pieces)
        {
            yield return piece.Kind is LlmPieceKind.Text ? new(Chunk(reply, new { content = piece.Text }, null), IsPiece: true) : new("", IsPiece: true);
        }

        yield return new(Chunk(reply, reply.Calls.Count > 0 ? new { content = "", tool_calls = Calls(reply) } : new { content = "" }, Finish(reply)));
        yield return new("data: [DONE]\n\n");
    }

    private static object? Calls(LlmReply reply) => reply.Calls.Count == 0 ? null : reply.Calls.Select(c =>
        new { id = $"{c.Index}{reply.Id[1..]}", function = new { name = c.Name, arguments = c.Arguments }, index = c.Index });

    private static string Finish(LlmReply reply) => reply.IsCut ? "length" : reply.Calls.Count > 0 ? "tool_calls" : "stop";

    private static object Usage(LlmReply reply) => new { prompt_tokens = reply.Input, total_tokens = reply.Input + reply.Output, completion_tokens = reply.Output };

    private static string Chunk(LlmReply reply, object delta, string? finish)
    {
        object[] choices = [new { index = 0, delta, finish_reason = finish }];
        return LlmReply.Data(finish is null || reply.Turn.HidesUsage
            ? new { id = reply.Id, @object = "chat.completion.chunk", created = Created, model = reply.Ask.Model, choices }
            : new { id = reply.Id, @object = "chat.completion.chunk", created = Created, model = reply.Ask.Model, choices, usage = Usage(reply) });
    }
}
