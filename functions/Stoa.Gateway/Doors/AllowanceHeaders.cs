using System.Globalization;
using System.Text;
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
    private static readonly CultureInfo Plain = CultureInfo.InvariantCulture;
    private static readonly TokenNames Minute = new("Minute");
    private static readonly TokenNames Day = new("Day");

    public static void Tell(HttpResponse response, IReadOnlyList<Allowance> allowances)
    {
        if (allowances.Count == 0)
        {
            return;
        }

        var headers = response.Headers;
        var (policies, limits) = (new StringBuilder(128), new StringBuilder(128));
        Allowance? minute = null, day = null, budget = null;
        foreach (var allowance in allowances)
        {
            if (allowance.IsTightest)
            {
                AppendPolicy(policies, allowance);
                Separate(limits).Append(Plain, $"\"{allowance.Name}\";r={allowance.Remaining};t={Seconds(allowance.MoreIn)}");
            }

            switch (allowance.Counts)
            {
                case "tokens" when allowance.Window == TimeSpan.FromMinutes(1):
                    minute = Least(minute, allowance);
                    break;
                case "tokens" when allowance.Window == TimeSpan.FromDays(1):
                    day = Least(day, allowance);
                    break;
                case "micro_usd":
                    budget = Least(budget, allowance);
                    break;
            }
        }

        headers["RateLimit-Policy"] = policies.ToString();
        headers["RateLimit"] = limits.ToString();
        if (allowances[0] is { Counts: "requests" } tightest)
        {
            headers["X-RateLimit-Limit"] = tightest.Limit.ToString(Plain);
            headers["X-RateLimit-Remaining"] = tightest.Remaining.ToString(Plain);
            headers["X-RateLimit-Reset"] = ((tightest.ResetAt.ToUnixTimeMilliseconds() + 999) / 1000).ToString(Plain);
        }

        TellTokens(headers, Minute, minute);
        TellTokens(headers, Day, day);
        if (budget is not null)
        {
            headers["x-stoa-budget-remaining-usd"] = (budget.Remaining / 1_000_000m).ToString("0.000000", Plain);
        }
    }

    private static void TellTokens(IHeaderDictionary headers, TokenNames names, Allowance? tightest)
    {
        if (tightest is not null)
        {
            headers[names.Limit] = tightest.Limit.ToString(Plain);
            headers[names.Used] = tightest.Used.ToString(Plain);
            headers[names.Remaining] = tightest.Remaining.ToString(Plain);
        }
    }

    private static void AppendPolicy(StringBuilder policies, Allowance allowance)
    {
        Separate(policies).Append(Plain, $"\"{allowance.Name}\";q={allowance.Limit}");
        if (allowance.Counts != "requests")
        {
            policies.Append(Plain, $";qu=\"{allowance.Counts}\"");
        }

        if (allowance.Window is { } window)
        {
            policies.Append(Plain, $";w={(long)window.TotalSeconds}");
        }
    }

    private static StringBuilder Separate(StringBuilder items) => items.Length > 0 ? items.Append(", ") : items;

    /// <summary>Of several scopes the one with the least left.</summary>
    private static Allowance Least(Allowance? one, Allowance other) => one is null || other.Remaining < one.Remaining ? other : one;

    private static long Seconds(TimeSpan wait) => Math.Max(0, (long)Math.Ceiling(wait.TotalSeconds));

    private sealed class TokenNames(string window)
    {
        public string Limit { get; } = "X-Quota-Tokens-Limit-" + window;

        public string Used { get; } = "X-Quota-Tokens-Used-" + window;

        public string Remaining { get; } = "X-Quota-Tokens-Remaining-" + window;
    }
}
