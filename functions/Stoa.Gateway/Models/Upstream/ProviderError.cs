using Stoa.Gateway.Egress;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Models.Upstream;

/// <summary>Why there is no answer where no provider said so: no connection, no time, no credential, or words that are not to be repeated.</summary>
internal static class ProviderError
{
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

    /// <summary>The same failure, unless it repeats the gateway's credential: a provider that is not who it says may try.</summary>
    public static ModelFailure Safe(ModelFailure failure, Secret? credential)
    {
        return credential is not null && (Holds(failure.Message) || Holds(failure.Code) || Holds(failure.Param))
            ? new(failure.Status, failure.Kind, "The provider refused the request without saying why.") { RetryAfter = failure.RetryAfter }
            : failure;

        bool Holds(string? text) => text?.Contains(credential.Reveal(), StringComparison.Ordinal) is true;
    }
}
