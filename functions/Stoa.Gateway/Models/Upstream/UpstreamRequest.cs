using System.Net.Http.Headers;
using Stoa.Gateway.Egress;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Models.Routing;
using Stoa.Gateway.Tools.Requests;

namespace Stoa.Gateway.Models.Upstream;

/// <summary>
/// Builds a provider's HTTP request from scratch: its URL, its credential in the header it asks for, what its spec sets, and of the caller's
/// own headers the few that change what the wire means.
/// </summary>
internal static class UpstreamRequest
{
    private const string AnthropicVersion = "2023-06-01";
    private const int LongestForwarded = 1024;

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    /// <summary>Of the caller's headers, by the wire that both speak. Credentials and choices of an account are not among them, and must not be.</summary>
    private static readonly string[] OfMessages = ["anthropic-version", "anthropic-beta"];

    private static readonly string[] OfOpenAI = ["openai-beta", "idempotency-key"];

    /// <param name="header">The caller's headers; null for requests of the gateway's own.</param>
    /// <param name="passes">The caller's wire goes upstream as it is.</param>
    /// <param name="body">Null for GET.</param>
    public static HttpRequestMessage Build(
        Provider provider, Uri url, Secret? credential, Func<string, string?>? header, Wire wire, bool passes, bool isStream, ReadOnlyMemory<byte>? body)
    {
        var message = new HttpRequestMessage(body is null ? HttpMethod.Get : HttpMethod.Post, url);
        var headers = message.Headers;
        if (body is { } bytes)
        {
            message.Content = new ReadOnlyMemoryContent(bytes);
            message.Content.Headers.ContentType = Json;
        }

        headers.TryAddWithoutValidation("User-Agent", EgressClient.UserAgent);
        headers.TryAddWithoutValidation("Accept", isStream ? "text/event-stream" : "application/json");
        if (credential is not null)
        {
            var (name, value) = CredentialHeader(provider.Spec, wire, credential);
            headers.TryAddWithoutValidation(name, value);
        }

        // What the administrator set goes before what callers send.
        foreach (var (name, value) in provider.Spec.Headers ?? new Dictionary<string, string>())
        {
            headers.TryAddWithoutValidation(name, value);
        }

        foreach (var name in !passes || header is null ? [] : wire is Wire.Messages ? OfMessages : OfOpenAI)
        {
            if (header!(name) is { Length: > 0 and <= LongestForwarded } value && HeaderRules.CanHold(value) && !headers.NonValidated.Contains(name))
            {
                headers.TryAddWithoutValidation(name, value);
            }
        }

        if (provider.Spec.Type is ProviderType.Anthropic && !headers.NonValidated.Contains("anthropic-version"))
        {
            headers.TryAddWithoutValidation("anthropic-version", provider.Spec.ApiVersion ?? AnthropicVersion);
        }

        return message;
    }

    private static (string Name, string Value) CredentialHeader(LlmProviderSpec spec, Wire wire, Secret credential) => spec.Type switch
    {
        ProviderType.AzureOpenAI when spec.Auth is { ManagedIdentity: false } => ("api-key", credential.Reveal()),
        ProviderType.Anthropic => ("x-api-key", credential.Reveal()),
        ProviderType.Gemini when wire is Wire.Gemini => ("x-goog-api-key", credential.Reveal()),
        _ => ("Authorization", "Bearer " + credential.Reveal()),
    };
}
