using Stoa.Gateway.Kernel;
using Stoa.Gateway.Models.Requests;
using Stoa.Gateway.Models.Routing;

namespace Stoa.Gateway.Models;

/// <summary>A call of a language model on its way through the pipeline. The door gives the request and takes the reply.</summary>
internal sealed class ModelCall(Caller caller, Operation operation, string door, ModelRequest request, ModelReply reply) : Call(caller, operation, door)
{
    public ModelRequest Request => request;

    public override ReadOnlyMemory<byte> Content => request.Body;

    public override bool IsStreamed => Request.IsStream && Operation is Operation.CallModel;

    public override string? EndUser => Request.EndUser;

    public ModelReply Reply => reply;

    /// <summary>The value of a header of the caller's, for the conditions of routes; null when it sent none.</summary>
    public required Func<string, string?> Header { get; init; }

    /// <summary>Its target, once resolved.</summary>
    public ModelTarget Model => (ModelTarget)Target!;

    /// <summary>The candidate that answered, or that was asked last; null before the first attempt.</summary>
    public Candidate? Served { get; set; }

    /// <inheritdoc/>
    public override ModelUse? Use => new ModelUse(
        Operation is Operation.CountTokens ? "count_tokens" : Request.Wire is Wire.Embeddings ? "embeddings" : "chat",
        Served?.Provider.Name,
        Served is { } served ? SystemOf(served.Provider.Spec.Type) : null,
        Served?.Model,
        IsFallback: Served is not null && Target is ModelTarget target && !ReferenceEquals(Served, target.Candidates[0]),
        Request.IsStream);

    /// <summary>Requests sent upstream, retries and fallbacks included.</summary>
    public int Attempts { get; set; }

    /// <summary>What translation had to leave out, for <c>x-stoa-translation-loss</c>: paths such as <c>messages[].name</c>, each once.</summary>
    public IReadOnlyList<string> Losses { get; set; } = [];

    /// <summary>The answer to a question for the number of tokens is the gateway's estimate, not the provider's count.</summary>
    public bool IsEstimate { get; set; }

    /// <summary>Why there is no answer, for the door to tell in its own shape; null while all is well, and when the reply has begun.</summary>
    public ModelFailure? Failure { get; set; }

    // gen_ai.provider.name; a server that only speaks like OpenAI counts as that flavour, as the conventions have it.
    private static string SystemOf(ProviderType type) => type switch
    {
        ProviderType.AzureOpenAI => "azure.ai.openai",
        ProviderType.Anthropic => "anthropic",
        ProviderType.Mistral => "mistral_ai",
        ProviderType.Gemini => "gcp.gemini",
        _ => "openai",
    };
}
