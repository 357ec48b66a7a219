namespace Stoa.Gateway.Models.Answers;

/// <summary>A failed model in the words of the two error shapes: the same in an answer's body and in an event that ends a stream.</summary>
/// <param name="Type">OpenAI's <c>error.type</c>.</param>
/// <param name="Code">OpenAI's <c>error.code</c>: the provider's own where it is about the request.</param>
/// <param name="AnthropicType">Anthropic's <c>error.type</c>.</param>
internal readonly record struct FailureCodes(string Type, string Code, string AnthropicType)
{
    private const string Invalid = "invalid_request_error";
    private const string Server = "server_error";

    /// <summary>Total: a test walks the enum.</summary>
    public static FailureCodes Of(ModelFailure failure)
    {
        var codes = failure.Kind switch
        {
            ModelFailureKind.RequestRefused => new FailureCodes(Invalid, "request_refused", AnthropicTypeOf(failure.Status, Invalid)),
            ModelFailureKind.RateLimited => new("rate_limit_error", "rate_limit_exceeded", "rate_limit_error"),
            ModelFailureKind.Unavailable => new(failure.Status is 404 ? Invalid : Server, "provider_unavailable", AnthropicTypeOf(failure.Status, "api_error")),
            ModelFailureKind.TimedOut => new(Server, "provider_timeout", "timeout_error"),
            ModelFailureKind.Nonsense => new(Server, "provider_invalid_answer", "api_error"),
            ModelFailureKind.CredentialRefused => new(Server, "provider_credential_refused", "api_error"),
            _ => throw new ArgumentOutOfRangeException(nameof(failure), failure.Kind, null),
        };
        return failure.Code is { } code ? codes with { Code = code } : codes;
    }

    // Anthropic API reference, "Errors".
    private static string AnthropicTypeOf(int status, string otherwise) => status switch
    {
        404 => "not_found_error",
        413 => "request_too_large",
        529 => "overloaded_error",
        _ => otherwise,
    };
}
