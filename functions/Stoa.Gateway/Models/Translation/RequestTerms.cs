namespace Stoa.Gateway.Models.Translation;

internal readonly record struct RequestTerms(string Model, long? MaxOutputTokens, bool IsStream)
{
    public ProviderType Provider { get; init; }
}
