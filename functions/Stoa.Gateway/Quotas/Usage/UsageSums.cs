namespace Stoa.Gateway.Quotas.Usage;

/// <summary>What calls came to. Parts are contained in their wholes: cached in input, reasoning in output.</summary>
/// <param name="Errors">Of <paramref name="Calls"/>: those whose tool or model failed.</param>
/// <param name="MicroUsd">Millionths of a US dollar, of the calls whose price is known.</param>
/// <param name="Unpriced">Of <paramref name="Calls"/>: those that used tokens at a price that nobody knows.</param>
/// <param name="Micros">Durations from admission to the end, in millionths of a second.</param>
internal readonly record struct UsageSums(
    long Calls, long Errors, long Input, long Output, long Cached, long Reasoning, long MicroUsd, long Unpriced, long Micros)
{
    public static UsageSums operator +(UsageSums a, UsageSums b) => new(
        a.Calls + b.Calls, a.Errors + b.Errors, a.Input + b.Input, a.Output + b.Output, a.Cached + b.Cached, a.Reasoning + b.Reasoning,
        a.MicroUsd + b.MicroUsd, a.Unpriced + b.Unpriced, a.Micros + b.Micros);
}
