namespace Stoa.Testing.Llm;

/// <summary>How many tokens a request has: Anthropic's <c>count_tokens</c> and Gemini's <c>:countTokens</c>. Uses none.</summary>
internal sealed class CountDialect : Dialect
{
    public override string Broken => throw new NotSupportedException("A count is no stream.");

    public override string Whole(LlmReply reply) => reply.Ask.Shape is LlmShape.Gemini
        ? LlmReply.Json(new { totalTokens = reply.Input, promptTokensDetails = new[] { new { modality = "TEXT", tokenCount = reply.Input } } })
        : LlmReply.Json(new { input_tokens = reply.Input });

    public override IEnumerable<LlmFrame> Frames(LlmReply reply) => throw new NotSupportedException("A count is no stream.");
}
