using System.Runtime.InteropServices;
using System.Text.Json;

namespace Stoa.Testing.Llm;

/// <summary>OpenAI embeddings (API reference, "Embeddings"): three numbers per input, as numbers or as base64 of little-endian floats.</summary>
internal sealed class EmbeddingsDialect : Dialect
{
    private static readonly float[] Vector = [0.25f, -0.5f, 1f];

    public override string Broken => throw new NotSupportedException("Embeddings are no stream.");

    public override string Whole(LlmReply reply)
    {
        var inputs = LlmAsk.Member(reply.Ask.Body, "input") is { ValueKind: JsonValueKind.Array } several ? several.GetArrayLength() : 1;
        object vector = LlmAsk.Text(reply.Ask.Body, "encoding_format") is "base64" ? Convert.ToBase64String(MemoryMarshal.AsBytes<float>(Vector)) : Vector;
        var data = Enumerable.Range(0, inputs).Select(index => new { @object = "embedding", index, embedding = vector });
        var (id, model) = ("embd-" + reply.Id, reply.Ask.Model);
        return LlmReply.Json(reply.Turn.HidesUsage
            ? new { id, @object = "list", data, model }
            : new { id, @object = "list", data, model, usage = new { prompt_tokens = reply.Input, total_tokens = reply.Input, completion_tokens = 0 } });
    }

    public override IEnumerable<LlmFrame> Frames(LlmReply reply) => throw new NotSupportedException("Embeddings are no stream.");
}
