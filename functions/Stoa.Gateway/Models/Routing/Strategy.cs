namespace Stoa.Gateway.Models.Routing;

/// <summary>The order in which a route's targets are asked.</summary>
internal static class Strategy
{
    /// <summary>At random without putting back: each place is drawn by the weights that are left. Those without a weight come last, as written.</summary>
    public static List<T> ByWeight<T>(IReadOnlyList<T> items, Func<T, int> weightOf, Random random)
    {
        var left = items.Where(i => weightOf(i) > 0).ToList();
        var order = new List<T>(items.Count);
        for (var total = left.Sum(weightOf); left.Count > 0;)
        {
            var drawn = random.Next(total);
            var at = 0;
            while (drawn >= weightOf(left[at]))
            {
                drawn -= weightOf(left[at++]);
            }

            total -= weightOf(left[at]);
            order.Add(left[at]);
            left.RemoveAt(at);
        }

        order.AddRange(items.Where(i => weightOf(i) <= 0));
        return order;
    }

    /// <summary>Cheapest first for a call of this size; a price that nobody knows is the highest. Equal ones as written.</summary>
    public static IReadOnlyList<Candidate> ByCost(IReadOnlyList<Candidate> candidates, long inputTokens, long outputTokens) =>
        [.. candidates.OrderBy(c => c.Price is { } price ? (inputTokens * price.Input) + (outputTokens * price.Output) : decimal.MaxValue)];

    /// <summary>Fastest first. One that was never measured, or not of late, goes before all, so that it gets measured.</summary>
    public static IReadOnlyList<Candidate> ByLatency(IReadOnlyList<Candidate> candidates, Func<Candidate, TimeSpan?> latencyOf) =>
        [.. candidates.OrderBy(c => latencyOf(c) ?? TimeSpan.MinValue)];
}
