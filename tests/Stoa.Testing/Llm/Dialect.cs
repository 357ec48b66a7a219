namespace Stoa.Testing.Llm;

/// <summary>How one wire says an answer. Written from the providers' public API references.</summary>
internal abstract class Dialect
{
    /// <summary>The body of an answer that is no stream.</summary>
    public abstract string Whole(LlmReply reply);

    /// <summary>The frames of a stream.</summary>
    public abstract IEnumerable<LlmFrame> Frames(LlmReply reply);

    /// <summary>The error event in the middle of a stream.</summary>
    public abstract string Broken { get; }

    public static Dialect Of(LlmAsk ask) => ask.Verb switch
    {
        LlmVerb.Chat when ask.Shape is LlmShape.Mistral => new MistralDialect(),
        LlmVerb.Chat => new ChatDialect(),
        LlmVerb.Messages => new MessagesDialect(),
        LlmVerb.Responses => new ResponsesDialect(),
        LlmVerb.GenerateContent => new GeminiDialect(),
        LlmVerb.Embeddings => new EmbeddingsDialect(),
        _ => new CountDialect(),
    };
}
