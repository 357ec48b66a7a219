using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Models.Prices;

/// <summary>
/// Money in millionths of a US dollar. A price is dollars per million tokens, so tokens times price is exact to the last digit of the price;
/// the sum of a call is rounded once, half up.
/// </summary>
internal static class Cost
{
    public static long Of(in TokenUsage usage, Price price)
    {
        var rates = price.Long is { } longer && usage.Input > price.LongOver ? longer : price;
        var hour = Math.Min(usage.CacheWriteHour, usage.CacheWrite);

        // Parts that overlap, such as cached audio, are charged once at the first price that names them.
        var audio = Part(usage.AudioInput, usage.Input - usage.CacheRead - usage.CacheWrite);
        var plain = Math.Max(0, usage.Input - usage.CacheRead - usage.CacheWrite - audio);
        var spoken = Part(usage.AudioOutput, usage.Output);
        var sum = (plain * rates.Input)
            + (usage.CacheRead * (rates.CacheRead ?? rates.Input))
            + ((usage.CacheWrite - hour) * (rates.CacheWrite ?? rates.Input))
            + (hour * (rates.CacheWriteHour ?? rates.CacheWrite ?? rates.Input))
            + (audio * (rates.AudioInput ?? rates.Input))
            + ((usage.Output - spoken) * rates.Output)
            + (spoken * (rates.AudioOutput ?? rates.Output));
        return (long)decimal.Round(sum, 0, MidpointRounding.AwayFromZero);
    }

    /// <summary>The most that one token of each kind can cost, however it is billed in the end.</summary>
    public static TokenRates Dearest(Price price)
    {
        var (input, output) = (Highest(price.Input, price.CacheRead, price.CacheWrite, price.CacheWriteHour, price.AudioInput), Highest(price.Output, price.AudioOutput));
        return price.Long is { } longer && Dearest(longer) is var beyond
            ? new(Math.Max(input, beyond.Input), Math.Max(output, beyond.Output))
            : new(input, output);
    }

    private static long Part(long part, long whole) => Math.Clamp(part, 0, Math.Max(0, whole));

    private static decimal Highest(decimal first, params ReadOnlySpan<decimal?> others)
    {
        foreach (var other in others)
        {
            first = Math.Max(first, other ?? first);
        }

        return first;
    }
}
