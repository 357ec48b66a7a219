namespace Stoa.Gateway.Models.Upstream;

/// <summary>Where each type of provider has what.</summary>
internal static class UpstreamUrls
{
    /// <summary>Azure's newest version of the URLs by deployment that is not a preview.</summary>
    public const string AzureVersion = "2024-10-21";

    private static readonly string[] Endings = ["/chat/completions", "/responses", "/embeddings", "/messages", "/models"];

    /// <summary>The path of a call that does not belong into a base URL, when it ends in one.</summary>
    public static string? Surplus(string baseUrl) => Array.Find(Endings, e => baseUrl.TrimEnd('/').EndsWith(e, StringComparison.OrdinalIgnoreCase));

    /// <summary>Null when the type has no public address and the spec names none.</summary>
    public static Uri? BaseOf(LlmProviderSpec spec) => Text(spec) is { } text && Uri.TryCreate(text, UriKind.Absolute, out var uri) ? uri : null;

    /// <param name="model">As <see cref="NameOf"/> gives it.</param>
    /// <param name="isStream">Whether the answer is to come as events: Gemini has a URL of its own for that.</param>
    public static Uri Of(LlmProviderSpec spec, Wire wire, string model, bool isStream)
    {
        var root = Text(spec) ?? throw new InvalidOperationException($"A provider of type {spec.Type} has a base URL.");
        return new Uri(root + (spec.Type, wire) switch
        {
            (ProviderType.AzureOpenAI, Wire.Responses) => "/openai/v1/responses",
            (ProviderType.AzureOpenAI, _) => $"/openai/deployments/{Uri.EscapeDataString(model)}/{PathOf(wire)}?api-version={spec.ApiVersion ?? AzureVersion}",
            (ProviderType.Anthropic, _) => "/v1/messages",
            (ProviderType.Gemini, Wire.Gemini) => $"/models/{Uri.EscapeDataString(model)}:{(isStream ? "streamGenerateContent?alt=sse" : "generateContent")}",
            (ProviderType.Gemini, _) => "/openai/" + PathOf(wire),
            _ => "/" + PathOf(wire),
        });
    }

    /// <summary>Where the provider counts tokens of a request without serving it; null where it does not, or not in a wire that doors take.</summary>
    public static Uri? CountOf(LlmProviderSpec spec) => spec.Type is ProviderType.Anthropic ? new Uri(Text(spec) + "/v1/messages/count_tokens") : null;

    /// <summary>Answers without using tokens, for probes.</summary>
    public static Uri ModelsOf(LlmProviderSpec spec) => new(Text(spec) + spec.Type switch
    {
        ProviderType.AzureOpenAI => $"/openai/models?api-version={spec.ApiVersion ?? AzureVersion}",
        ProviderType.Anthropic => "/v1/models?limit=1",
        ProviderType.Gemini => "/models?pageSize=1",
        _ => "/models",
    });

    /// <summary>The model as URLs and bodies have it: Azure's deployment, Gemini's name without its collection.</summary>
    public static string NameOf(LlmProviderSpec spec, string model) => spec.Type switch
    {
        ProviderType.AzureOpenAI => spec.Deployments?.GetValueOrDefault(model) ?? model,
        ProviderType.Gemini when model.StartsWith("models/", StringComparison.Ordinal) => model["models/".Length..],
        _ => model,
    };

    private static string PathOf(Wire wire) => wire switch
    {
        Wire.Chat => "chat/completions",
        Wire.Responses => "responses",
        Wire.Embeddings => "embeddings",
        _ => throw new InvalidOperationException($"{wire} has no path of this form."),
    };

    /// <summary>Without a slash at its end, and without what people often add to it.</summary>
    private static string? Text(LlmProviderSpec spec)
    {
        var text = (spec.BaseUrl ?? spec.Type switch
        {
            ProviderType.OpenAI => "https://api.openai.com/v1",
            ProviderType.Anthropic => "https://api.anthropic.com",
            ProviderType.Mistral => "https://api.mistral.ai/v1",
            ProviderType.Gemini => "https://generativelanguage.googleapis.com/v1beta",
            _ => null,
        })?.TrimEnd('/');
        return spec.Type switch
        {
            ProviderType.Anthropic when text!.EndsWith("/v1", StringComparison.Ordinal) => text[..^"/v1".Length],
            ProviderType.AzureOpenAI when text?.EndsWith("/openai", StringComparison.Ordinal) is true => text[..^"/openai".Length],
            ProviderType.AzureOpenAI when text?.EndsWith("/openai/v1", StringComparison.Ordinal) is true => text[..^"/openai/v1".Length],
            _ => text,
        };
    }
}
