using System.Net;
using System.Text;
using Stoa.Gateway.Egress;

namespace Stoa.Gateway.Models.Requests;

/// <summary>
/// URLs in a request that the provider will fetch: images, files, MCP servers. Its servers may stand in a network where a private address
/// means something, so one that names such a place goes no further.
/// </summary>
internal static class FetchedUrl
{
    private const int MaxLength = 8192;

    /// <summary>Nothing is open here, whatever the gateway itself may call: it is not the one who fetches.</summary>
    private static readonly AddressRules Closed = new(allowLoopback: false, []);

    public static bool IsData(ReadOnlySpan<byte> url) => url.Length >= 5 && Ascii.EqualsIgnoreCase(url[..5], "data:"u8);

    /// <summary>What is wrong with it, to follow the name of the member; null when it may go.</summary>
    public static string? Complaint(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > MaxLength)
        {
            return $"is longer than {MaxLength} bytes.";
        }

        var text = Encoding.UTF8.GetString(utf8);

        // A backslash or a blank makes one parser see another host than the next.
        if (text.AsSpan().ContainsAnyInRange('\0', ' ') || text.Contains('\\') || !Uri.TryCreate(text, UriKind.Absolute, out var url))
        {
            return "must be an absolute http or https URL, or a data URL.";
        }

        if (!EgressTarget.TryCheck(url, out var reason))
        {
            return $"cannot be passed on. {reason}";
        }

        var host = url.IdnHost.TrimEnd('.');
        return IsPrivateName(host) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && !Closed.Allows(address))
            ? "names a private, loopback or link-local address, which a provider must not be made to fetch."
            : null;
    }

    private static bool IsPrivateName(string host) =>
        host.Length == 0
        || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".local", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".internal", StringComparison.OrdinalIgnoreCase);
}
