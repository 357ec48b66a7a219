using System.Globalization;
using Microsoft.AspNetCore.Http;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.LlmProxy;

/// <summary>
/// The tightest limit of requests and the tightest of tokens, as the SDKs of models know them:
/// <c>x-ratelimit-{limit,remaining,reset}-{requests,tokens}</c> with resets such as <c>6m0s</c> (OpenAI), or
/// <c>anthropic-ratelimit-{requests,tokens}-{limit,remaining,reset}</c> with resets in RFC 3339.
/// </summary>
internal static class ModelAllowances
{
    public static void Tell(HttpResponse response, ErrorShape shape, IReadOnlyList<Allowance> allowances)
    {
        Tell(response, shape, allowances, "requests");
        Tell(response, shape, allowances, "tokens");
    }

    /// <summary>As OpenAI writes it: <c>120ms</c>, <c>1s</c>, <c>6m0s</c>, <c>26h0m0s</c>.</summary>
    public static string Span(TimeSpan span)
    {
        if (span <= TimeSpan.Zero)
        {
            return "0s";
        }

        if (span < TimeSpan.FromSeconds(1))
        {
            return FormattableString.Invariant($"{Math.Max(1, (int)Math.Ceiling(span.TotalMilliseconds))}ms");
        }

        var seconds = (long)Math.Ceiling(span.TotalSeconds);
        var (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
        return hours > 0 ? FormattableString.Invariant($"{hours}h{minutes}m{seconds % 60}s")
            : minutes > 0 ? FormattableString.Invariant($"{minutes}m{seconds % 60}s")
            : FormattableString.Invariant($"{seconds}s");
    }

    private static void Tell(HttpResponse response, ErrorShape shape, IReadOnlyList<Allowance> allowances, string unit)
    {
        if (Tightest(allowances, unit) is not { } tightest)
        {
            return;
        }

        var (limit, remaining) = (tightest.Limit.ToString(CultureInfo.InvariantCulture), tightest.Remaining.ToString(CultureInfo.InvariantCulture));
        var headers = response.Headers;
        if (shape is ErrorShape.Anthropic)
        {
            headers[$"anthropic-ratelimit-{unit}-limit"] = limit;
            headers[$"anthropic-ratelimit-{unit}-remaining"] = remaining;
            headers[$"anthropic-ratelimit-{unit}-reset"] = tightest.ResetAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            return;
        }

        headers[$"x-ratelimit-limit-{unit}"] = limit;
        headers[$"x-ratelimit-remaining-{unit}"] = remaining;
        headers[$"x-ratelimit-reset-{unit}"] = Span(tightest.ResetsIn);
    }

    private static Allowance? Tightest(IReadOnlyList<Allowance> allowances, string unit) =>
        allowances.Where(a => a.IsTightest && a.Counts == unit).MinBy(a => (double)a.Remaining / Math.Max(1, a.Limit));
}
