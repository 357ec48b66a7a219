using Stoa.Gateway.Egress;
using Stoa.Gateway.Tools.Requests;

namespace Stoa.Gateway.Tools.Paging;

/// <summary>Judges a link to the next page, which the endpoint wrote and nobody else has seen.</summary>
internal static class PageLink
{
    private const int MaxLength = 8 * 1024;

    /// <summary>
    /// The URL that the link means, without the credential that the endpoint may have echoed; null when it does not stay at the page's
    /// own origin, to which alone the credential belongs.
    /// </summary>
    public static Uri? Resolve(Uri page, string target, string? credentialName)
    {
        if (target.Length > MaxLength || target.AsSpan().ContainsAnyExceptInRange('!', '~') || target.Contains('\\', StringComparison.Ordinal)
            || !Uri.TryCreate(new Uri(page.OriginalString), target, out var next)
            || !EgressTarget.TryCheck(next, out _)
            || next.Scheme != page.Scheme || next.Port != page.Port || !next.IdnHost.Equals(page.IdnHost, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var query = next.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Where(pair => !EndpointUrl.NameOf(pair).Equals(credentialName, StringComparison.OrdinalIgnoreCase));
        var text = string.Join('&', query);
        return new Uri($"{next.GetLeftPart(UriPartial.Path)}{(text.Length > 0 ? "?" : "")}{text}", RequestUrl.AsBuilt);
    }
}
