using Microsoft.AspNetCore.Http;

namespace Stoa.Gateway.Doors;

/// <summary>
/// What a browser needs to let a page read our answers (WHATWG Fetch, CORS protocol). A preflight carries no credential, so nothing can be
/// decided then and nothing is: it says what may be tried. Whether the origin is allowed is decided on the request itself.
/// </summary>
internal static class Cors
{
    /// <summary>Response headers beside the safelisted ones that pages may read.</summary>
    private static readonly string Exposed = string.Join(", ",
    [
        "x-stoa-trace-id", "x-stoa-cache", "x-stoa-llm-provider", "x-stoa-llm-model", "x-stoa-attempts", "x-stoa-translation-loss", "x-stoa-cost-usd", "x-stoa-estimate",
        "x-request-id", "request-id", "Retry-After", "retry-after-ms", "x-should-retry", "RateLimit", "RateLimit-Policy", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset",
        "X-Quota-Tokens-Limit-Minute", "X-Quota-Tokens-Used-Minute", "X-Quota-Tokens-Remaining-Minute", "X-Quota-Tokens-Limit-Day", "X-Quota-Tokens-Used-Day", "X-Quota-Tokens-Remaining-Day",
        "x-stoa-budget-remaining-usd",
        "x-ratelimit-limit-requests", "x-ratelimit-remaining-requests", "x-ratelimit-reset-requests", "x-ratelimit-limit-tokens", "x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens",
        "anthropic-ratelimit-requests-limit", "anthropic-ratelimit-requests-remaining", "anthropic-ratelimit-requests-reset",
        "anthropic-ratelimit-tokens-limit", "anthropic-ratelimit-tokens-remaining", "anthropic-ratelimit-tokens-reset", "WWW-Authenticate", "ETag",
    ]);

    public static bool IsPreflight(HttpRequest request) =>
        HttpMethods.IsOptions(request.Method) && request.Headers.Origin.Count == 1 && request.Headers.ContainsKey("Access-Control-Request-Method");

    public static void AnswerPreflight(HttpContext http, string methods)
    {
        var headers = http.Response.Headers;
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        headers.AccessControlAllowOrigin = http.Request.Headers.Origin;
        headers.AccessControlAllowMethods = methods;
        headers.AccessControlAllowHeaders = http.Request.Headers.AccessControlRequestHeaders;
        headers.AccessControlMaxAge = "600";
        headers.Vary = "Origin, Access-Control-Request-Headers";
    }

    /// <summary>Lets a page of this origin read the answer; only for one that has been found allowed.</summary>
    public static void Allow(HttpContext http, string origin)
    {
        http.Response.Headers.AccessControlAllowOrigin = origin;
        http.Response.Headers.AccessControlExposeHeaders = Exposed;
        http.Response.Headers.Vary = "Origin";
    }
}
