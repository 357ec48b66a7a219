using System.Collections.Concurrent;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Models.Usage;

/// <summary>
/// Learns from what providers report how far estimates of input are off, per tenant and model: texts in Thai and in English need different
/// bounds. A hint for the next estimate and not of record: every instance learns by itself, and forgetting it costs a wider reservation.
/// </summary>
internal sealed class Calibration
{
    private const int Most = 4096;
    private const double Weight = 0.2;
    private const double Least = 0.5;
    private const double Highest = 4;

    private readonly ConcurrentDictionary<(TenantId Tenant, string Model), Ratio> _ratios = new();

    /// <summary>An upper bound of the request's tokens, as far as the model's answers so far tell.</summary>
    public long Bound(TenantId tenant, string model, long estimated) =>
        _ratios.TryGetValue((tenant, model), out var ratio) ? (long)Math.Ceiling(estimated * Math.Clamp(ratio.Bound, Least, Highest)) : estimated;

    /// <summary>The likely number of tokens, for charging what a provider does not report.</summary>
    public long Likely(TenantId tenant, string model, long estimated) =>
        _ratios.TryGetValue((tenant, model), out var ratio) ? (long)Math.Ceiling(estimated * Math.Clamp(ratio.Mean, Least / 2, Highest)) : estimated;

    /// <summary>What a provider reported for a request that was estimated so, before calibration.</summary>
    public void Learn(TenantId tenant, string model, long estimated, long actual)
    {
        if (estimated <= 0 || actual <= 0)
        {
            return;
        }

        if (_ratios.Count >= Most && !_ratios.ContainsKey((tenant, model)))
        {
            _ratios.Clear();
        }

        var seen = Math.Clamp((double)actual / estimated, 0.05, Highest);
        _ratios.AddOrUpdate((tenant, model), static (_, seen) => new(seen, seen / 4), static (_, ratio, seen) => ratio.With(seen), seen);
    }

    /// <summary>Mean and mean deviation, as TCP keeps them of round trips (RFC 6298 §2): the bound lies two deviations above.</summary>
    private sealed record Ratio(double Mean, double Deviation)
    {
        public double Bound => (Mean * 1.05) + (2 * Deviation);

        public Ratio With(double seen) => new(Mean + (Weight * (seen - Mean)), Deviation + (Weight * (Math.Abs(seen - Mean) - Deviation)));
    }
}
