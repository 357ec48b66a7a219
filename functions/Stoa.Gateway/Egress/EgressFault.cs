namespace Stoa.Gateway.Egress;

/// <summary>Why an outbound call has no answer.</summary>
internal enum EgressFault
{
    /// <summary>The address is malformed or leads where a tenant may not go. Nothing was sent.</summary>
    AddressForbidden,

    /// <summary>The host name has no address. Nothing was sent.</summary>
    NameNotResolved,

    /// <summary>No address of the host accepted a connection in time. Nothing was sent.</summary>
    ConnectFailed,

    /// <summary>The TLS handshake failed or the certificate is not trusted. Nothing was sent.</summary>
    TlsFailed,

    /// <summary>The last byte did not arrive within the limit; the request may have been acted on.</summary>
    TimedOut,

    /// <summary>The answer, or its header section, is over the limit.</summary>
    TooLarge,

    /// <summary>The connection broke, the body was cut short, or the answer is not valid HTTP.</summary>
    Broken,

    /// <summary>A redirect to another origin, of a method that may not be repeated, or one too many.</summary>
    RedirectForbidden,
}
