namespace Stoa.Gateway.Quotas;

/// <summary>How many requests a call counts as: 1, times what is said of its tool or model, times what is said of streams.</summary>
/// <param name="Tools">By name, or by the beginning of names followed by <c>*</c>; of several that fit the longest.</param>
/// <param name="Models">Likewise.</param>
internal sealed record QuotaWeights(long? Stream, IReadOnlyDictionary<string, long>? Tools, IReadOnlyDictionary<string, long>? Models)
{
    public QuotaWeights Over(QuotaWeights other) => new(Stream ?? other.Stream, Tools ?? other.Tools, Models ?? other.Models);

    public long Of(string target, bool isModel, bool isStream) =>
        (isStream ? Stream ?? 1 : 1) * (Longest(isModel ? Models : Tools, target) ?? 1);

    private static long? Longest(IReadOnlyDictionary<string, long>? weights, string target)
    {
        if (weights is null || weights.TryGetValue(target, out var exact))
        {
            return weights?.GetValueOrDefault(target);
        }

        (int Length, long? Weight) best = (-1, null);
        foreach (var (pattern, weight) in weights)
        {
            if (pattern.Length > best.Length && pattern.EndsWith('*') && target.AsSpan().StartsWith(pattern.AsSpan()[..^1], StringComparison.Ordinal))
            {
                best = (pattern.Length, weight);
            }
        }

        return best.Weight;
    }
}
