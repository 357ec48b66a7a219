using System.Globalization;

namespace Stoa.Gateway.Models.Answers;

/// <summary>
/// Turns a provider's error into one for the caller. What is about the request is passed on in the provider's words; what is about the
/// gateway's account there (credentials, limits, credit) never is: those texts name keys and organisations.
/// </summary>
internal static class UpstreamError
{
    private const string Credential = "The provider refused the gateway's credential. An administrator of the tenant has to check the LlmProvider's auth.";

    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    /// <param name="header">The value of a header of the answer; null when it has none.</param>
    public static ModelFailure Read(Wire wire, int status, Func<string, string?> header, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var error = ErrorBody.Read(body) ?? new(null, null, null, null);
        return Of(wire, status, error, RetryAfter(header, now) ?? error.RetryDelay);
    }

    internal static ModelFailure Of(Wire wire, int status, ErrorBody error, TimeSpan? retryAfter)
    {
        if (IsAboutAccount(status, error))
        {
            return new(502, ModelFailureKind.CredentialRefused, Credential);
        }

        return status switch
        {
            404 => Quoted(404, ModelFailureKind.Unavailable, error, "The provider does not know the model, or the address is wrong. An administrator has to check the route."),
            400 or 413 or 422 => Quoted(status, ModelFailureKind.RequestRefused, error, "The provider refused the request without saying why."),
            408 => new(408, ModelFailureKind.TimedOut, "The provider did not answer in time."),
            429 => new(429, ModelFailureKind.RateLimited, "The provider's rate limit is reached.") { RetryAfter = retryAfter },
            504 => new(504, ModelFailureKind.TimedOut, "The provider did not answer in time.") { RetryAfter = retryAfter },
            529 => new(529, ModelFailureKind.Unavailable, "The provider is overloaded.") { RetryAfter = retryAfter },
            409 or 425 or >= 500 => new(503, ModelFailureKind.Unavailable, "The provider is not available.") { RetryAfter = retryAfter },
            >= 400 => Quoted(400, ModelFailureKind.RequestRefused, error, $"The provider refused the request (status {status.ToString(CultureInfo.InvariantCulture)})."),
            _ => new(502, ModelFailureKind.Nonsense, $"The provider answered with status {status.ToString(CultureInfo.InvariantCulture)}, which its protocol does not have ({wire})."),
        };
    }

    /// <summary><c>retry-after-ms</c> (OpenAI, Azure), or <c>Retry-After</c> in seconds or as a date (RFC 9110 §10.2.3); at most an hour.</summary>
    public static TimeSpan? RetryAfter(Func<string, string?> header, DateTimeOffset now)
    {
        TimeSpan? asked = null;
        if (double.TryParse(header("retry-after-ms"), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var milliseconds))
        {
            asked = TimeSpan.FromMilliseconds(Math.Min(milliseconds, LongestWait.TotalMilliseconds));
        }
        else if (header("Retry-After") is { } text)
        {
            asked = double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
                ? TimeSpan.FromSeconds(Math.Min(seconds, LongestWait.TotalSeconds))
                : DateTimeOffset.TryParseExact(text, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date - now : null;
        }

        return asked switch
        {
            null => null,
            { } wait when wait < TimeSpan.Zero => TimeSpan.Zero,
            { } wait when wait > LongestWait => LongestWait,
            _ => asked,
        };
    }

    private static ModelFailure Quoted(int status, ModelFailureKind kind, ErrorBody error, string otherwise) =>
        new(status, kind, error.Message ?? otherwise) { Code = error.Code ?? error.Type, Param = error.Param };

    /// <summary>Credit that is used up comes as 400 (Anthropic) or 429 (OpenAI), a wrong key as 400 (Gemini).</summary>
    private static bool IsAboutAccount(int status, ErrorBody error) =>
        status is 401 or 402 or 403
        || error.Code is "insufficient_quota" or "invalid_api_key"
        || error.Type is "insufficient_quota" or "billing_error" or "authentication_error" or "permission_error"
        || (status is 400 && error.Message is { } message
            && (message.Contains("credit balance", StringComparison.OrdinalIgnoreCase) || message.Contains("API key", StringComparison.OrdinalIgnoreCase)));
}
