using Stoa.Gateway.Kernel;
using Stoa.Gateway.Quotas.Ledger;

namespace Stoa.Gateway.Quotas;

/// <summary>Limits, standings and shortages in the words of answers.</summary>
internal static class QuotaWords
{
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

    /// <summary>Of each scope the tightest limit of requests and that of tokens; the tightest of all of its kind first.</summary>
    public static IReadOnlyList<Allowance> Allowances(IReadOnlyList<QuotaStanding> standings, Shortage? shortage, DateTimeOffset now)
    {
        var tightest = new List<(Dimension Dimension, Allowance Allowance)>();
        foreach (var group in standings.GroupBy(s => (s.Scope, s.Limit.Dimension)))
        {
            // What a refusal has just read is newer than what the instance remembers.
            var told = group.Select(s => IsShort(s) ? s with { Share = Math.Min(s.Share, Math.Max(0, shortage!.Left)) } : s)
                .MinBy(s => (s.Share, -s.FullAt));
            tightest.Add((told.Limit.Dimension, Of(told, now)));
        }

        return [.. tightest.OrderBy(t => t.Dimension).ThenBy(t => t.Allowance.Remaining).Select(t => t.Allowance)];

        bool IsShort(QuotaStanding s) => shortage is not null && s.Scope == shortage.Scope && s.Limit == shortage.Limit;
    }

    public static Refusal Refuse(QuotaRefusal refusal, DateTimeOffset now)
    {
        var shortage = refusal.Shortage;
        var scope = ScopeKey.Split(shortage.Scope).Kind;
        var owner = scope switch
        {
            "tenant" => "The tenant",
            "consumer" => "This consumer",
            "policy" => "The quota that this tool shares",
            _ => "This tool",
        };
        if (shortage.Limit is not { } limit)
        {
            var isCrowded = shortage.Slot is SlotKind.Instance;
            var words = isCrowded
                ? $"{owner} is served by {shortage.Allowed} instances already, as many as can share a quota. Try again shortly."
                : $"{owner} has {shortage.Allowed} calls under way, its limit. Try again when one has ended.";
            return new(RefusalKind.QuotaExceeded, words)
            {
                RetryAfter = refusal.RetryAfter ?? TimeSpan.FromSeconds(1),
                Exceeded = new(scope, isCrowded ? "instances" : "concurrent_requests", shortage.Allowed, ResetAt: null),
            };
        }

        var (counts, window) = (NameOf(limit.Dimension), NameOf(limit.Window));
        var message = refusal.RetryAfter is { } wait
            ? $"{owner} has used up its limit of {limit.Amount} {counts} per {window}. Try again in {Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds))} s."
            : $"{owner} has a limit of {limit.Amount} {counts} per {window}, and this call alone needs more. Send less in one call.";
        return new(RefusalKind.QuotaExceeded, message)
        {
            RetryAfter = refusal.RetryAfter,
            Exceeded = new(scope, $"{counts}_per_{window}", limit.Amount, now + refusal.RetryAfter),
        };
    }

    private static Allowance Of(QuotaStanding standing, DateTimeOffset now)
    {
        var (counts, window) = (NameOf(standing.Limit.Dimension), NameOf(standing.Limit.Window));
        var resetAt = DateTimeOffset.FromUnixTimeMilliseconds(standing.FullAt);
        return new(
            $"{ScopeKey.Split(standing.Scope).Kind}-{counts}-per-{window}",
            counts,
            standing.Limit.Amount,
            standing.Share,
            standing.Limit.Window switch
            {
                Window.Second => TimeSpan.FromSeconds(1),
                Window.Minute => TimeSpan.FromMinutes(1),
                Window.Hour => TimeSpan.FromHours(1),
                Window.Day => TimeSpan.FromDays(1),
                _ => null,
            },
            resetAt,
            resetAt - now);
    }
}
