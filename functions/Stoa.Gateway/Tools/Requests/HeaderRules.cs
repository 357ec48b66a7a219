using System.Collections.Frozen;

namespace Stoa.Gateway.Tools.Requests;

/// <summary>Which headers a tool may set, and with what.</summary>
internal static class HeaderRules
{
    /// <summary>The client owns these: a tool that set them could smuggle a second request or another host.</summary>
    private static readonly FrozenSet<string> OwnedByClient = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "Host", "Content-Length", "Content-Type", "Transfer-Encoding", "Connection", "Keep-Alive", "Upgrade", "TE", "Trailer", "Expect",
        "Proxy-Authorization", "Proxy-Connection", "Cookie");

    /// <summary>And these beyond credentials: nothing unpacks a compressed answer, the trace is the gateway's, the rest describes a body.</summary>
    private static readonly FrozenSet<string> OwnedByGateway = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, "Accept-Encoding", "traceparent", "tracestate", "Allow", "Expires", "Last-Modified");

    public static bool IsReserved(string name) => OwnedByClient.Contains(name);

    /// <summary>What is wrong with setting this header from arguments or templates, or null.</summary>
    public static string? Complaint(string name, string? credentialHeader) =>
        name.Equals("Authorization", StringComparison.OrdinalIgnoreCase) ? "`Authorization` is for the tool's credential; put it in a Secret and name it in `auth`."
        : name.Equals("Cookie", StringComparison.OrdinalIgnoreCase) ? "Cookies are sent by `parameters` with `in: cookie`, or by `auth`."
        : name.Equals(credentialHeader, StringComparison.OrdinalIgnoreCase) ? $"The header `{name}` holds the tool's credential; use another."
        : OwnedByClient.Contains(name) || OwnedByGateway.Contains(name) || name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase)
            ? $"The header `{name}` belongs to the HTTP client; use another."
            : null;

    /// <summary>RFC 9110 §5.5 without obs-text: visible ASCII with spaces and tabs between. Anything else could end the line, or be read in two ways.</summary>
    public static bool CanHold(string value)
    {
        foreach (var c in value)
        {
            if (c is (< ' ' or > '~') and not '\t')
            {
                return false;
            }
        }

        return true;
    }
}
