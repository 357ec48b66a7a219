using Stoa.Gateway.Egress;

namespace Stoa.Gateway.Audit.Forwarding;

/// <summary>Why a batch is not confirmed.</summary>
internal enum SendFaultKind
{
    /// <summary>The receiver cannot be had, is busy, or was not heard to the end: the same may pass later.</summary>
    Unavailable,

    /// <summary>The receiver wants nothing from us as we are set up: a wrong address or credential.</summary>
    Refused,

    /// <summary>The receiver does not take this batch, or not all of it: a smaller one may pass.</summary>
    BatchRefused,
}

/// <summary>A batch that the receiver did not confirm.</summary>
/// <param name="Reason">For logs and the ledger's status: half a sentence of our own words, never the receiver's.</param>
/// <param name="RetryAfter">How long the receiver asks to be left alone.</param>
internal sealed record SendFault(SendFaultKind Kind, string Reason, TimeSpan? RetryAfter = null)
{
    /// <summary>Waiting alone does not help: somebody must mend something.</summary>
    public bool IsRefusal => Kind is not SendFaultKind.Unavailable;

    public static SendFault Of(int status, TimeSpan? retryAfter) => new(
        status switch
        {
            400 or 413 or 422 => SendFaultKind.BatchRefused,
            408 or 425 or 429 or >= 500 => SendFaultKind.Unavailable,
            _ => SendFaultKind.Refused,
        },
        $"it answered with HTTP {status}",
        retryAfter);

    public static SendFault Of(EgressFailure failure) => new(
        failure.Fault is EgressFault.AddressForbidden or EgressFault.RedirectForbidden ? SendFaultKind.Refused : SendFaultKind.Unavailable,
        failure.Fault switch
        {
            EgressFault.AddressForbidden => "its address is not one that this gateway may call (Stoa__EgressAllowedNetworks opens private networks)",
            EgressFault.NameNotResolved => "its host name could not be resolved",
            EgressFault.ConnectFailed => "it could not be reached",
            EgressFault.TlsFailed => "a secure connection to it could not be established",
            EgressFault.TimedOut => "it did not answer in time",
            EgressFault.TooLarge => "its answer is larger than allowed",
            EgressFault.Broken => "its answer was cut short or is not valid HTTP",
            EgressFault.RedirectForbidden => "it redirects, which is not followed",
            _ => throw new InvalidOperationException($"No text for {failure.Fault}."),
        });
}
