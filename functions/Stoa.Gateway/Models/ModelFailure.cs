namespace Stoa.Gateway.Models;

/// <summary>
/// Why a model gave no answer, in terms that every door can put into its own error shape. Holds nothing that names the gateway's credential
/// or the provider's account.
/// </summary>
/// <param name="Status">For the caller: the provider's 400, 404, 408, 413, 422, 429 and 529 as they are, 502 for an answer that makes no sense or a credential that was refused, 503 for a provider that is not available, 504 for one that was too slow.</param>
/// <param name="Kind">What it was.</param>
/// <param name="Message">For the caller; from the provider's own error where it is about the request.</param>
internal sealed record ModelFailure(int Status, ModelFailureKind Kind, string Message)
{
    /// <summary>The provider's own <c>error.code</c>, when it is about the request, or the gateway's for what it cannot translate.</summary>
    public string? Code { get; init; }

    /// <summary>The provider's own <c>error.param</c>, when it is about the request.</summary>
    public string? Param { get; init; }

    /// <summary>When the provider asked to be tried again.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>502: an answer that makes no sense.</summary>
    public static ModelFailure Nonsense(string message) => new(502, ModelFailureKind.Nonsense, message);

    /// <summary>Whether another target may be asked: it says nothing about the request.</summary>
    public bool IsPassing => Kind is not ModelFailureKind.RequestRefused;
}

internal enum ModelFailureKind
{
    /// <summary>The provider found the request itself wrong; another one would too.</summary>
    RequestRefused,

    /// <summary>The provider's rate limit or quota, as it applies to the gateway's account.</summary>
    RateLimited,

    /// <summary>5xx, overload, no connection, or an open breaker.</summary>
    Unavailable,

    /// <summary>Nothing, or nothing more, within the time-out.</summary>
    TimedOut,

    /// <summary>Not JSON, not the shape, an error inside a 200, or a stream that broke.</summary>
    Nonsense,

    /// <summary>401, 403, or a secret that cannot be opened: the gateway's account there needs an administrator.</summary>
    CredentialRefused,
}
