using System.Text.Json.Serialization;
using Stoa.Gateway.Quotas.Usage;

namespace Stoa.Gateway.Manage;

/// <summary>Answer of usage with <c>by</c>.</summary>
/// <param name="From">The first day, UTC.</param>
/// <param name="To">The last day, included.</param>
/// <param name="Rows">The dearest first, then those with the most calls; days in their order.</param>
internal sealed record UsageBreakdown(string Namespace, string By, string? Consumer, string From, string To, IReadOnlyList<UsageLine> Rows, UsageLine Total)
{
    public static UsageBreakdown Of(string tenant, string? consumer, UsageQuery query, IReadOnlyDictionary<string, UsageSums> sums)
    {
        var rows = query.By == "day"
            ? sums.OrderBy(s => s.Key, StringComparer.Ordinal)
            : sums.OrderByDescending(s => s.Value.MicroUsd).ThenByDescending(s => s.Value.Calls).ThenBy(s => s.Key, StringComparer.Ordinal);
        return new(
            tenant, query.By, consumer, UsageQuery.Text(query.From), UsageQuery.Text(query.To),
            [.. rows.Select(s => UsageLine.Of(query.By, s.Key, s.Value))],
            UsageLine.Of(query.By, null, sums.Values.Aggregate(default(UsageSums), static (all, one) => all + one)));
    }
}

/// <summary>One sum; the member named as <c>by</c> says says of what, and in a total none does.</summary>
/// <param name="Errors">Of the calls: those whose tool or model failed.</param>
/// <param name="CachedTokens">Of the input tokens.</param>
/// <param name="ReasoningTokens">Of the output tokens.</param>
/// <param name="CostUsd">With six decimals, of the calls whose price is known.</param>
/// <param name="UnpricedCalls">Of the calls: those that used tokens at a price that nobody knows.</param>
/// <param name="DurationSeconds">Of all calls together, with three decimals.</param>
internal sealed record UsageLine(
    string? Model, string? Tool, string? Day, string? Consumer, string? Provider,
    long Calls, long Errors, long InputTokens, long CachedTokens, long OutputTokens, long ReasoningTokens, decimal CostUsd, long UnpricedCalls, decimal DurationSeconds)
{
    public static UsageLine Of(string by, string? name, in UsageSums sums) => new(
        by == "model" ? name : null, by == "tool" ? name : null, by == "day" ? name : null, by == "consumer" ? name : null, by == "provider" ? name : null,
        sums.Calls, sums.Errors, sums.Input, sums.Cached, sums.Output, sums.Reasoning, sums.MicroUsd * 0.000001m, sums.Unpriced, (sums.Micros + 500) / 1000 * 0.001m);

    [JsonIgnore]
    public string? Name => Model ?? Tool ?? Day ?? Consumer ?? Provider;
}
