namespace Stoa.Gateway.Models.Translation;

/// <summary>What the gateway decides about a request that it rewrites for a provider.</summary>
/// <param name="Model">As the provider calls it.</param>
/// <param name="MaxOutputTokens">The bound to set; null keeps the caller's. Messages demands one: without either it is <see cref="DefaultMaxOutputTokens"/>.</param>
/// <param name="IsStream">Whether a stream is asked for, always with usage at its end.</param>
internal readonly record struct RequestTerms(string Model, long? MaxOutputTokens, bool IsStream)
{
    public const long DefaultMaxOutputTokens = 4096;

    /// <summary>Whose chat completions these are: they differ in a few names.</summary>
    public ProviderType Provider { get; init; }
}
