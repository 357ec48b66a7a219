using System.Globalization;
using System.Text;
using System.Text.Json;
using Stoa.Gateway.Egress;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Models.Upstream;

/// <summary>
/// What a provider's refusal means for the call. Its own words are repeated only where they are about the request; elsewhere they may name
/// the gateway's account.
/// </summary>
internal static class ProviderError
{
    private const int LongestMessage = 2000;
    private const int LongestCode = 128;

    /// <param name="secret">The gateway's credential: a message that repeats it is not shown.</param>
    public static ModelFailure Of(int status, ReadOnlySpan<byte> body, TimeSpan? retryAfter, string provider, Secret? secret)
    {
        switch (status)
        {
            case 400 or 413 or 422:
                var said = Read(body, secret);
                return new(status, ModelFailureKind.RequestRefused, said.Message ?? $"The provider '{provider}' refused the request (status {Text(status)}) and did not say why.") { Code = said.Code, Param = said.Param };

            case 401 or 402 or 403:
                return new(502, ModelFailureKind.CredentialRefused, $"The provider '{provider}' refused the gateway's credential. The tenant's administrator has to look at its account there.");

            case 404:
                return new(404, ModelFailureKind.Unavailable, $"The provider '{provider}' does not have this model, or not for the gateway's account. The tenant's administrator has to look at its LlmRoute.");

            case 408:
                return new(408, ModelFailureKind.TimedOut, $"The provider '{provider}' gave up waiting.");

            case 429:
                return new(429, ModelFailureKind.RateLimited, $"The provider '{provider}' has reached its rate limit for the gateway's account. Try again later.") { RetryAfter = retryAfter };

            case 529:
                return new(529, ModelFailureKind.Unavailable, $"The provider '{provider}' is overloaded. Try again later.") { RetryAfter = retryAfter };

            case >= 500 or 409 or 425:
                return new(503, ModelFailureKind.Unavailable, $"The provider '{provider}' is not available (status {Text(status)}). Try again later.") { RetryAfter = retryAfter };

            default:
                return new(502, ModelFailureKind.Nonsense, $"The provider '{provider}' gave an answer that makes no sense (status {Text(status)}).");
        }
    }

    /// <summary>No answer at all.</summary>
    public static ModelFailure Of(EgressFailure failure, string provider) => failure.Fault switch
    {
        EgressFault.TimedOut => TimedOut(provider),
        EgressFault.TooLarge or EgressFault.Broken or EgressFault.RedirectForbidden =>
            new(502, ModelFailureKind.Nonsense, $"The provider '{provider}' gave an answer that makes no sense. {failure.Text}"),
        _ => new(503, ModelFailureKind.Unavailable, $"The provider '{provider}' is not available. {failure.Text}"),
    };

    public static ModelFailure LeftAlone(string provider, TimeSpan wait) =>
        new(503, ModelFailureKind.Unavailable, $"The provider '{provider}' keeps failing, so the gateway leaves it alone for now.") { RetryAfter = wait };

    public static ModelFailure TimedOut(string provider) => new(504, ModelFailureKind.TimedOut, $"The provider '{provider}' did not answer in time.");

    public static ModelFailure Nonsense(string provider, string what) =>
        new(502, ModelFailureKind.Nonsense, $"The provider '{provider}' gave an answer that makes no sense: {what}.");

    public static ModelFailure NoCredential(string provider) =>
        new(502, ModelFailureKind.CredentialRefused, $"The credential of the provider '{provider}' cannot be used. The tenant's administrator has to look at its Secret.");

    /// <summary>
    /// The fields of an error body: OpenAI's <c>{"error": {"message", "code", "param"}}</c>, Anthropic's and Gemini's alike, Mistral's
    /// <c>{"message", "code"}</c>, FastAPI's <c>{"detail"}</c>. What is not there is null.
    /// </summary>
    private static (string? Message, string? Code, string? Param) Read(ReadOnlySpan<byte> body, Secret? secret)
    {
        var reader = new Utf8JsonReader(body, new() { MaxDepth = 32 });
        string? message = null, code = null, param = null;
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is not JsonTokenType.PropertyName || reader.CurrentDepth > 2)
                {
                    continue;
                }

                if (reader.ValueTextEquals("message"u8) || reader.ValueTextEquals("detail"u8))
                {
                    message ??= Next(ref reader);
                }
                else if (reader.ValueTextEquals("code"u8))
                {
                    code ??= Next(ref reader);
                }
                else if (reader.ValueTextEquals("param"u8))
                {
                    param ??= Next(ref reader);
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Whatever was read so far is what it said.
        }

        return (Safe(message, LongestMessage, secret), Safe(code, LongestCode, secret), Safe(param, LongestCode, secret));
    }

    private static string? Next(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType is JsonTokenType.String ? reader.GetString() : null;

    private static string? Safe(string? text, int longest, Secret? secret)
    {
        if (string.IsNullOrWhiteSpace(text) || (secret is not null && text.Contains(secret.Reveal(), StringComparison.Ordinal)))
        {
            return null;
        }

        var shown = new StringBuilder(JsonText.Shorten(text, longest));
        for (var i = 0; i < shown.Length; i++)
        {
            if (char.IsControl(shown[i]) && shown[i] is not ('\n' or '\t'))
            {
                shown[i] = ' ';
            }
        }

        return shown.ToString();
    }

    private static string Text(int status) => status.ToString(CultureInfo.InvariantCulture);
}
