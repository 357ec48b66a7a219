namespace Stoa.Gateway.Models.Translation.Chat;

/// <summary>In what the servers of chat completions differ.</summary>
internal readonly struct ChatDialect(ProviderType provider)
{
    private const int MistralIdLength = 9;

    public bool IsOpenAI => provider is ProviderType.OpenAI or ProviderType.AzureOpenAI;

    /// <summary>Mistral refuses fields that it does not know, and always ends a stream with usage.</summary>
    public bool HasStreamOptions => provider is not ProviderType.Mistral;

    public bool HasUser => provider is not ProviderType.Mistral;

    public bool HasTopK => provider is ProviderType.OpenAICompatible;

    /// <summary>OpenAI's reasoning models refuse <c>max_tokens</c>; other servers know nothing else.</summary>
    public string MaxTokensName => IsOpenAI ? "max_completion_tokens" : "max_tokens";

    /// <summary>Whether messages may show the model its own reasoning, and other members that OpenAI's reference does not have.</summary>
    public bool HasExtensions => provider is ProviderType.OpenAICompatible;

    /// <summary>Mistral takes ids of nine letters and digits only; others get the id as it is.</summary>
    public string CallId(string id)
    {
        if (provider is not ProviderType.Mistral || (id.Length == MistralIdLength && id.All(char.IsAsciiLetterOrDigit)))
        {
            return id;
        }

        // FNV-1a: the same id must become the same in every request of a conversation.
        var hash = 14695981039346656037UL;
        foreach (var c in id)
        {
            hash = (hash ^ c) * 1099511628211UL;
        }

        return string.Create(MistralIdLength, hash, static (chars, rest) =>
        {
            for (var i = 0; i < chars.Length; i++, rest /= 36)
            {
                chars[i] = "abcdefghijklmnopqrstuvwxyz0123456789"[(int)(rest % 36)];
            }
        });
    }
}
