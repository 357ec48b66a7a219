using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Stoa.Gateway.Egress;

/// <summary>
/// What can be said of an upstream URL before any name is looked up: used when a resource is applied, so that its author hears the reason,
/// and again before every call. Passing here permits nothing yet; the addresses are judged when the connection is made.
/// </summary>
internal static class EgressTarget
{
    private const int MaxHostLength = 253; // RFC 1035 §2.3.4, without the root's dot

    /// <summary>Checks scheme, user-info, host and port.</summary>
    public static bool TryCheck([NotNullWhen(true)] Uri? uri, [NotNullWhen(false)] out string? reason)
    {
        reason = uri switch
        {
            null or { IsAbsoluteUri: false } => "The URL must be absolute.",
            _ when uri.Scheme != Uri.UriSchemeHttps && uri.Scheme != Uri.UriSchemeHttp => "The URL's scheme must be https or http.",
            { UserInfo.Length: > 0 } => "The URL must not carry a user name or password.",
            { HostNameType: UriHostNameType.Unknown or UriHostNameType.Basic } or { IdnHost.Length: 0 or > MaxHostLength } =>
                "The URL's host is not a valid name or address.",
            _ when !IsOpenPort(uri.Port) => "The URL's port belongs to another protocol than HTTP.",
            _ => null,
        };
        return reason is null;
    }

    /// <summary>As above, and where the host is a literal address (in any notation) judges that too.</summary>
    public static bool TryCheck([NotNullWhen(true)] Uri? uri, AddressRules rules, [NotNullWhen(false)] out string? reason)
    {
        if (!TryCheck(uri, out reason))
        {
            return false;
        }

        if (uri.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6
            && IPAddress.TryParse(uri.IdnHost, out var address)
            && !rules.Allows(address))
        {
            reason = $"The URL's address is not one that this gateway may call ({AddressRules.Classify(address)}).";
        }

        return reason is null;
    }

    // Below 1024 only the web's own ports; above, the stores and consoles that answer to a forged line of text or hold data unguarded.
    private static bool IsOpenPort(int port) => port switch
    {
        80 or 443 => true,
        < 1024 => false,
        1433 or 1521 or 2049 or 2375 or 2379 or 2380 or 3306 or 3389 or 4369 or 5432 or 5672 or 5900 or 5985 or 5986 => false,
        6000 or 6379 or 6380 or 9042 or 9092 or 10250 or 11211 or 27017 => false,
        _ => true,
    };
}
