using System.Globalization;
using Microsoft.AspNetCore.Http;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Doors;

/// <summary>
/// How a caller's limits stand, in headers: <c>RateLimit-Policy</c> and <c>RateLimit</c> (draft-ietf-httpapi-ratelimit-headers-10) with an item
/// for each scope, the older <c>X-RateLimit-Limit</c>, <c>-Remaining</c> and <c>-Reset</c> (seconds since 1970) of the tightest limit
/// of requests, <c>X-Quota-Tokens-Limit-</c>, <c>-Used-</c> and <c>-Remaining-Minute</c> and <c>-Day</c>, and <c>x-stoa-budget-remaining-usd</c>.
/// </summary>
internal static class AllowanceHeaders
{
    public static void Tell(HttpResponse response, IReadOnlyList<Allowance> allowances)
    {
        if (allowances.Count == 0)
        {
            return;
        }

        response.Headers["RateLimit-Policy"] = string.Join(", ", allowances.Where(a => a.IsTightest).Select(Policy));
        response.Headers["RateLimit"] = string.Join(", ", allowances.Where(a => a.IsTightest).Select(a => FormattableString.Invariant($"\"{a.Name}\";r={a.Remaining};t={Seconds(a.MoreIn)}")));
        if (allowances[0] is { Counts: "requests" } tightest)
        {
            response.Headers["X-RateLimit-Limit"] = tightest.Limit.ToString(CultureInfo.InvariantCulture);
            response.Headers["X-RateLimit-Remaining"] = tightest.Remaining.ToString(CultureInfo.InvariantCulture);
            response.Headers["X-RateLimit-Reset"] = ((tightest.ResetAt.ToUnixTimeMilliseconds() + 999) / 1000).ToString(CultureInfo.InvariantCulture);
        }

        TellTokens(response, allowances, "Minute", TimeSpan.FromMinutes(1));
        TellTokens(response, allowances, "Day", TimeSpan.FromDays(1));
        if (allowances.Where(a => a.Counts == "micro_usd").MinBy(a => a.Remaining) is { } budget)
        {
            response.Headers["x-stoa-budget-remaining-usd"] = (budget.Remaining / 1_000_000m).ToString("0.000000", CultureInfo.InvariantCulture);
        }
    }

    // Of several scopes the one with the least left.
    private static void TellTokens(HttpResponse response, IReadOnlyList<Allowance> allowances, string name, TimeSpan window)
    {
        if (allowances.Where(a => a.Counts == "tokens" && a.Window == window).MinBy(a => a.Remaining) is { } tightest)
        {
            response.Headers[$"X-Quota-Tokens-Limit-{name}"] = tightest.Limit.ToString(CultureInfo.InvariantCulture);
            response.Headers[$"X-Quota-Tokens-Used-{name}"] = tightest.Used.ToString(CultureInfo.InvariantCulture);
            response.Headers[$"X-Quota-Tokens-Remaining-{name}"] = tightest.Remaining.ToString(CultureInfo.InvariantCulture);
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
