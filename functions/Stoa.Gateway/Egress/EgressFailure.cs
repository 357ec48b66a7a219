namespace Stoa.Gateway.Egress;

/// <summary>
/// A call without an answer. <see cref="Text"/> may be shown to a tenant's agent; <see cref="Detail"/> may name hosts and addresses and
/// is for operator logs only.
/// </summary>
internal sealed record EgressFailure(EgressFault Fault, string Detail)
{
    public string Text => Fault switch
    {
        EgressFault.AddressForbidden => "The upstream address is not one that this gateway may call.",
        EgressFault.NameNotResolved => "The upstream host name could not be resolved.",
        EgressFault.ConnectFailed => "The upstream could not be reached.",
        EgressFault.TlsFailed => "A secure connection to the upstream could not be established.",
        EgressFault.TimedOut => "The upstream did not answer in time.",
        EgressFault.TooLarge => "The upstream's answer is larger than allowed.",
        EgressFault.Broken => "The upstream's answer was cut short or is not valid HTTP.",
        EgressFault.RedirectForbidden => "The upstream redirected to an address that may not be followed.",
        _ => throw new InvalidOperationException($"No text for {Fault}."),
    };

    /// <summary>Whether the exception is one that <see cref="Of"/> can explain; any other is a fault of ours and must pass.</summary>
    public static bool Explains(Exception exception) => exception is HttpRequestException or IOException or OperationCanceledException;

    /// <summary>
    /// What an exception of the handler or of a response stream means. Only for exceptions not caused by the caller's own cancellation.
    /// </summary>
    public static EgressFailure Of(Exception exception, bool timedOut)
    {
        if (timedOut)
        {
            return new(EgressFault.TimedOut, "No complete answer within the limit.");
        }

        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is EgressConnectException connect)
            {
                return new(connect.Fault, connect.Message);
            }
        }

        return new(FaultOf(exception), Describe(exception));
    }

    private static EgressFault FaultOf(Exception exception) => exception switch
    {
        // Neither the caller nor the deadline cancelled, so it was the handler's connect time-out.
        OperationCanceledException => EgressFault.ConnectFailed,
        HttpRequestException http => FaultOf(http.HttpRequestError),
        HttpIOException http => FaultOf(http.HttpRequestError),
        _ => EgressFault.Broken,
    };

    private static EgressFault FaultOf(HttpRequestError? error) => error switch
    {
        HttpRequestError.NameResolutionError => EgressFault.NameNotResolved,
        HttpRequestError.ConnectionError => EgressFault.ConnectFailed,
        HttpRequestError.SecureConnectionError => EgressFault.TlsFailed,
        HttpRequestError.ConfigurationLimitExceeded => EgressFault.TooLarge,
        _ => EgressFault.Broken,
    };

    private static string Describe(Exception exception) => exception.InnerException is { } inner
        ? $"{exception.GetType().Name}: {exception.Message} ({inner.GetType().Name}: {inner.Message})"
        : $"{exception.GetType().Name}: {exception.Message}";
}
