using System.Text.Json.Nodes;

namespace Stoa.Testing.Llm;

/// <summary>
/// Gemini <c>generateContent</c> and <c>streamGenerateContent?alt=sse</c> (API reference, "Generating content"): lines end in CRLF, every
/// event carries usage so far, thoughts are counted beside the candidates, a call comes whole, and nothing says that the stream is over.
/// </summary>
internal sealed class GeminiDialect : Dialect
{
    public override string Broken => LlmReply.Data(new { error = new { code = 503, message = "The model is overloaded. Please try again later.", status = "UNAVAILABLE" } });

    public override string Whole(LlmReply reply) => LlmReply.Json(Response(reply, Parts(reply), Finish(reply), reply.Output));

    public override IEnumerable<LlmFrame> Frames(LlmReply reply)
    {
        var said = 0;
        foreach (var piece in reply.Pieces)
        {
            said++;
            yield return piece.Kind switch
            {
                LlmPieceKind.Call => new("", IsPiece: true),
                LlmPieceKind.Thinking => new(Event(Response(reply, [new { text = piece.Text, thought = true }], null, said)), IsPiece: true),
                _ => new(Event(Response(reply, [new { text = piece.Text }], null, said)), IsPiece: true),
            };
        }

        var calls = Calls(reply);
        yield return new(Event(Response(reply, calls.Length > 0 ? calls : [new { text = "" }], Finish(reply), reply.Output)));
    }

    private static string Event(object value) => $"data: {LlmReply.Json(value)}\r\n\r\n";

    private static string Finish(LlmReply reply) => reply.IsCut ? "MAX_TOKENS" : "STOP";

    private static object[] Parts(LlmReply reply)
    {
        List<object> parts = [];
        if (reply.Thinking.Length > 0)
        {
            parts.Add(new { text = reply.Thinking, thought = true });
        }

        if (reply.Text.Length > 0)
        {
            parts.Add(new { text = reply.Text });
        }

        return [.. parts, .. Calls(reply)];
    }

    // Only what was said to the end is a call.
    private static object[] Calls(LlmReply reply) =>
        [.. reply.Calls.Where(c => c.Arguments == reply.Turn.Calls[c.Index].Arguments)
            .Select((c, at) => at == 0
                ? (object)new { functionCall = new { name = c.Name, args = JsonNode.Parse(c.Arguments) }, thoughtSignature = "c2lnbmVk" }
                : new { functionCall = new { name = c.Name, args = JsonNode.Parse(c.Arguments) } })];

    private static Dictionary<string, object?> Response(LlmReply reply, object[] parts, string? finish, long said)
    {
        var candidate = new Dictionary<string, object?> { ["content"] = new { parts, role = "model" } };
        if (finish is not null)
        {
            candidate["finishReason"] = finish;
        }

        candidate["index"] = 0;
        var response = new Dictionary<string, object?> { ["candidates"] = new[] { candidate } };
        if (!reply.Turn.HidesUsage)
        {
            response["usageMetadata"] = Usage(reply, said);
        }

        response["modelVersion"] = reply.Ask.Model;
        response["responseId"] = "resp" + reply.Id;
        return response;
    }

    private static Dictionary<string, object?> Usage(LlmReply reply, long said)
    {
        var thought = Math.Min(said, reply.Reasoning);
        var usage = new Dictionary<string, object?>
        {
            ["promptTokenCount"] = reply.Input,
            ["candidatesTokenCount"] = said - thought,
            ["totalTokenCount"] = reply.Input + said,
            ["promptTokensDetails"] = new[] { new { modality = "TEXT", tokenCount = reply.Input } },
        };
        if (reply.Turn.CacheRead > 0)
        {
            usage["cachedContentTokenCount"] = reply.Turn.CacheRead;
        }

        if (thought > 0)
        {
            usage["thoughtsTokenCount"] = thought;
        }

        return usage;
    }
}
