using System.Globalization;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Quotas.Ledger;
using Stoa.Gateway.Quotas.Usage;

namespace Stoa.Gateway.Quotas;

/// <summary>Limits, standings and shortages in the words of answers.</summary>
internal static class QuotaWords
{
    private const decimal MicroUsdPerUsd = 1_000_000;

    public static string NameOf(Dimension dimension) => dimension switch
    {
        Dimension.Requests => "requests",
        Dimension.Tokens => "tokens",
        _ => "micro_usd",
    };

    public static string NameOf(Window window) => window switch
    {
        Window.Second => "second",
        Window.Minute => "minute",
        Window.Hour => "hour",
        Window.Day => "day",
        _ => "month",
    };

    /// <summary>For example <c>tokens_per_day</c>.</summary>
    public static string NameOf(Limit limit) => $"{NameOf(limit.Dimension)}_per_{NameOf(limit.Window)}";

    /// <summary>
    /// How all limits stand. Those that stand for all, of each scope and dimension the tightest, come first, requests before tokens before
    /// money, and of each kind the tightest of all first.
    /// </summary>
    public static IReadOnlyList<Allowance> Allowances(IReadOnlyList<QuotaStanding> standings, Shortage? shortage, DateTimeOffset now)
    {
        var all = new List<(Dimension Dimension, Allowance Allowance)>();
        foreach (var group in standings.GroupBy(s => (s.Scope, s.Limit.Dimension)))
        {
            // What a refusal has just read is newer than what the instance remembers.
            var isFirst = true;
            foreach (var told in group.Select(s => IsShort(s) ? s with { Share = Math.Min(s.Share, Math.Max(0, shortage!.Left)) } : s).OrderBy(s => (s.Share, -s.FullAt)))
            {
                all.Add((told.Limit.Dimension, Of(told, now) with { IsTightest = isFirst }));
                isFirst = false;
            }
        }

        return [.. all.OrderByDescending(t => t.Allowance.IsTightest).ThenBy(t => t.Dimension).ThenBy(t => t.Allowance.Remaining).Select(t => t.Allowance)];

        bool IsShort(QuotaStanding s) => shortage is not null && s.Scope == shortage.Scope && s.Limit == shortage.Limit;
    }

    /// <summary>What needs no books: the limit of one call, which lowers its output where it may, and the price, where money is limited.</summary>
    public static Refusal? Check(Call call, CallQuota quota, ref long output)
    {
        if (call.Demand is not { } demand)
        {
            return quota.Terms.TokensPerRequest is { } most && TextTokens.OfArguments(call) is var arguments && arguments > most.Most
                ? RefuseLong(most, $"this one needs about {arguments} for its arguments")
                : null;
        }

        if (demand.Rates is null && quota.Subject.Counts(Dimension.MicroUsd))
        {
            return new(RefusalKind.PriceUnknown, "Money is limited here, and nobody knows the price of this model, or not in the tier that the request asks for. Use another model, or have its price set at its LlmProvider; leave out `service_tier`, `speed` and `inference_geo`.");
        }

        if (quota.Terms.TokensPerRequest is not { } cap || demand.InputTokens + output <= cap.Most)
        {
            return null;
        }

        if (cap.Most - demand.InputTokens >= Math.Max(demand.LeastOutputTokens, Math.Min(1, output)))
        {
            output = cap.Most - demand.InputTokens;
            return null;
        }

        return RefuseLong(cap, $"this one needs about {demand.InputTokens} for its input and {demand.LeastOutputTokens} or more for its output");
    }

    public static Refusal Refuse(QuotaRefusal refusal, DateTimeOffset now)
    {
        var shortage = refusal.Shortage;
        var (scope, owner) = OwnerOf(shortage.Scope);
        return shortage.Limit is not { } limit ? RefuseSlot(refusal, scope, owner)
            : limit.Dimension is Dimension.MicroUsd ? RefuseMoney(refusal, limit, scope, owner, now)
            : RefuseAmount(refusal, limit, scope, owner, now);
    }

    /// <summary>For a call that the cap of an instance on its own refuses.</summary>
    public static Refusal RefuseLocally(Allowance cap, int most) =>
        new(RefusalKind.QuotaExceeded, $"Quotas cannot be read now, and this instance lets {most} calls per minute through meanwhile. Try again in {Seconds(cap.MoreIn)} s.")
        {
            RetryAfter = cap.MoreIn,
            Exceeded = new("instance", "requests_per_minute", most, cap.ResetAt),
            Allowances = [cap],
        };

    private static (string Scope, string Owner) OwnerOf(string key)
    {
        var scope = ScopeKey.Split(key).Kind;
        return (scope, scope switch
        {
            "tenant" => "The tenant",
            "consumer" => "This consumer",
            "policy" => "The quota that this target shares",
            _ => "This tool",
        });
    }

    private static Refusal RefuseLong((string Scope, long Most) cap, string need)
    {
        var (scope, owner) = OwnerOf(cap.Scope);
        return new(RefusalKind.QuotaExceeded, $"{owner} has a limit of {cap.Most} tokens per request, and {need}. Send less in one call, or ask for less output.")
        {
            Exceeded = new(scope, "tokens_per_request", cap.Most, ResetAt: null),
        };
    }

    private static Refusal RefuseSlot(QuotaRefusal refusal, string scope, string owner)
    {
        var allowed = refusal.Shortage.Allowed;
        var (words, name) = refusal.Shortage.Slot switch
        {
            SlotKind.Instance => ($"{owner} is served by {allowed} instances already, as many as can share a quota. Try again shortly.", "instances"),
            SlotKind.Stream => ($"{owner} has {allowed} streams under way, its limit. Try again when one has ended, or without streaming.", "concurrent_streams"),
            _ => ($"{owner} has {allowed} calls under way, its limit. Try again when one has ended.", "concurrent_requests"),
        };
        return new(RefusalKind.QuotaExceeded, words)
        {
            RetryAfter = refusal.RetryAfter ?? TimeSpan.FromSeconds(1),
            Exceeded = new(scope, name, allowed, ResetAt: null),
        };
    }

    private static Refusal RefuseAmount(QuotaRefusal refusal, Limit limit, string scope, string owner, DateTimeOffset now)
    {
        var (counts, window) = (NameOf(limit.Dimension), NameOf(limit.Window));
        var message = refusal.RetryAfter is { } wait
            ? $"{owner} has used up its limit of {limit.Amount} {counts} per {window}. Try again in {Seconds(wait)} s."
            : $"{owner} has a limit of {limit.Amount} {counts} per {window}, and this call alone needs more. Send less in one call.";
        return new(RefusalKind.QuotaExceeded, message)
        {
            RetryAfter = refusal.RetryAfter,
            Exceeded = new(scope, NameOf(limit), limit.Amount, now + refusal.RetryAfter),
        };
    }

    // No Retry-After: clients that wait for it by themselves would wait for days. The body says when.
    private static Refusal RefuseMoney(QuotaRefusal refusal, Limit limit, string scope, string owner, DateTimeOffset now)
    {
        var (usd, window, renewed) = (limit.Amount / MicroUsdPerUsd, NameOf(limit.Window), now + refusal.RetryAfter);
        var (budget, left) = (usd.ToString("0.00####", CultureInfo.InvariantCulture), (Math.Max(0, refusal.Shortage.Left) / MicroUsdPerUsd).ToString("0.00####", CultureInfo.InvariantCulture));
        var message = renewed is { } at
            ? $"{owner} has a budget of {budget} USD per {window}, and the {left} USD that are left of it are not enough for this call. It is renewed at {at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}."
            : $"{owner} has a budget of {budget} USD per {window}, and this call alone may cost more. Send less, or ask for less output.";
        return new(RefusalKind.BudgetExceeded, message) { Exceeded = new(scope, $"usd_per_{window}", usd, renewed) };
    }

    private static long Seconds(TimeSpan wait) => Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds));

    private static Allowance Of(QuotaStanding standing, DateTimeOffset now)
    {
        var (counts, window) = (NameOf(standing.Limit.Dimension), NameOf(standing.Limit.Window));
        var resetAt = DateTimeOffset.FromUnixTimeMilliseconds(standing.FullAt);
        return new(
            $"{ScopeKey.Split(standing.Scope).Kind}-{counts}-per-{window}",
            counts,
            standing.Limit.Amount,
            standing.Share,
            standing.Limit.Window is Window.Month ? null : standing.Limit.Window.Length(),
            resetAt,
            DateTimeOffset.FromUnixTimeMilliseconds(standing.MoreAt) - now)
        {
            Used = standing.Used,
            ResetsIn = resetAt - now,
        };
    }
}
