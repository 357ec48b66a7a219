using System.Globalization;
using Microsoft.AspNetCore.Http;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Doors;

/// <summary>
/// How a caller's limits stand, in headers: <c>RateLimit-Policy</c> and <c>RateLimit</c> (draft-ietf-httpapi-ratelimit-headers) with an item
/// for each scope, and the older <c>X-RateLimit-Limit</c>, <c>-Remaining</c> and <c>-Reset</c> (seconds since 1970) of the tightest limit
/// of requests.
/// </summary>
internal static class AllowanceHeaders
{
    public static void Tell(HttpResponse response, IReadOnlyList<Allowance> allowances)
    {
        if (allowances.Count == 0)
        {
            return;
        }

        response.Headers["RateLimit-Policy"] = string.Join(", ", allowances.Select(Policy));
        response.Headers["RateLimit"] = string.Join(", ", allowances.Select(a => FormattableString.Invariant($"\"{a.Name}\";r={a.Remaining};t={Seconds(a.ResetsIn)}")));
        if (allowances[0] is { Counts: "requests" } tightest)
        {
            response.Headers["X-RateLimit-Limit"] = tightest.Limit.ToString(CultureInfo.InvariantCulture);
            response.Headers["X-RateLimit-Remaining"] = tightest.Remaining.ToString(CultureInfo.InvariantCulture);
            response.Headers["X-RateLimit-Reset"] = ((tightest.ResetAt.ToUnixTimeMilliseconds() + 999) / 1000).ToString(CultureInfo.InvariantCulture);
        }
    }

    private static string Policy(Allowance allowance)
    {
        var window = allowance.Window is { } span ? FormattableString.Invariant($";w={(long)span.TotalSeconds}") : "";
        var unit = allowance.Counts == "requests" ? "" : $";qu=\"{allowance.Counts}\"";
        return FormattableString.Invariant($"\"{allowance.Name}\";q={allowance.Limit}{unit}{window}");
    }

    private static long Seconds(TimeSpan wait) => Math.Max(0, (long)Math.Ceiling(wait.TotalSeconds));
}
