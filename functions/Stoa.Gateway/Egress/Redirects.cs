using System.Net;

namespace Stoa.Gateway.Egress;

/// <summary>Follows redirects by hand (RFC 9110 §15.4): only reads, only within the origin, so that credentials and the tenant's intent stay there.</summary>
internal static class Redirects
{
    public static bool IsRedirect(HttpStatusCode status) => status is
        HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
        or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;

    /// <summary>The request to send next, or null when the redirect may not be followed.</summary>
    public static HttpRequestMessage? Next(HttpRequestMessage request, HttpResponseMessage response)
    {
        var from = request.RequestUri!;
        if ((request.Method != HttpMethod.Get && request.Method != HttpMethod.Head)
            || request.Content is not null
            || response.Headers.Location is not { } location
            || !Uri.TryCreate(from, location, out var to)
            || !EgressTarget.TryCheck(to, out _)
            || !IsSameOrigin(from, to))
        {
            return null;
        }

        var next = new HttpRequestMessage(request.Method, to);
        foreach (var header in request.Headers.NonValidated)
        {
            foreach (var value in header.Value)
            {
                next.Headers.TryAddWithoutValidation(header.Key, value);
            }
        }

        return next;
    }

    private static bool IsSameOrigin(Uri a, Uri b) =>
        a.Scheme == b.Scheme && a.Port == b.Port && string.Equals(a.IdnHost, b.IdnHost, StringComparison.OrdinalIgnoreCase);
}
