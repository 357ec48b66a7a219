namespace Stoa.Gateway.Models.Routing;

/// <summary>What is spoken with which provider, given what the caller speaks.</summary>
internal static class Wires
{
    /// <summary>The caller's own wire where the provider knows it, else the one to translate to; null when nothing fits.</summary>
    public static Wire? For(LlmProviderSpec provider, Wire door) => (provider.Type, door) switch
    {
        (ProviderType.OpenAI or ProviderType.AzureOpenAI, Wire.Chat or Wire.Responses or Wire.Embeddings) => door,
        (ProviderType.OpenAI or ProviderType.AzureOpenAI, Wire.Messages) => Wire.Chat,
        (ProviderType.Anthropic, Wire.Embeddings) => null,
        (ProviderType.Anthropic, _) => Wire.Messages,
        (ProviderType.Gemini, Wire.Embeddings) => door,
        (ProviderType.Gemini, _) => Wire.Gemini,
        (ProviderType.OpenAICompatible, Wire.Responses) when provider.Responses is true => door,
        (ProviderType.Mistral or ProviderType.OpenAICompatible, Wire.Embeddings) => door,
        (ProviderType.Mistral or ProviderType.OpenAICompatible, _) => Wire.Chat,
        _ => null,
    };
}
