using Stoa.Gateway.Egress;

namespace Stoa.Gateway.Models.Upstream;

/// <summary>Why there is no answer where no provider said so: no connection, no time, no credential, or an answer without sense.</summary>
internal static class NoAnswer
{
    /// <summary>No answer at all.</summary>
    public static ModelFailure Of(EgressFailure failure, string provider) => failure.Fault switch
    {
        EgressFault.TimedOut => TimedOut(provider),
        EgressFault.TooLarge or EgressFault.Broken or EgressFault.RedirectForbidden =>
            ModelFailure.Nonsense($"The provider '{provider}' gave an answer that makes no sense. {failure.Text}"),
        _ => new(503, ModelFailureKind.Unavailable, $"The provider '{provider}' is not available. {failure.Text}"),
    };

    /// <summary>Whole and longer than is read. Another provider's would be no shorter.</summary>
    public static ModelFailure TooLong(string provider) => new(
        400, ModelFailureKind.RequestRefused, $"The answer of the provider '{provider}' is larger than {ModelExchange.MaxAnswer / (1024 * 1024)} MB. Ask for less at once, or for a stream; embeddings are shorter with \"encoding_format\": \"base64\".");

    public static ModelFailure LeftAlone(string provider, TimeSpan wait) =>
        new(503, ModelFailureKind.Unavailable, $"The provider '{provider}' keeps failing, so the gateway leaves it alone for now.") { RetryAfter = wait };

    public static ModelFailure TimedOut(string provider) => new(504, ModelFailureKind.TimedOut, $"The provider '{provider}' did not answer in time.");

    public static ModelFailure Nonsense(string provider, string what) =>
        ModelFailure.Nonsense($"The provider '{provider}' gave an answer that makes no sense: {what}.");

    public static ModelFailure NoCredential(string provider) =>
        new(502, ModelFailureKind.CredentialRefused, $"The credential of the provider '{provider}' cannot be used. The tenant's administrator has to look at its Secret.");
}
