namespace Stoa.Gateway.Models.Prices;

/// <summary>What a model costs, in US dollars per million tokens. Where a part has no price of its own, that of its whole applies.</summary>
internal sealed record Price(decimal Input, decimal Output)
{
    public decimal? CacheRead { get; init; }

    public decimal? CacheWrite { get; init; }

    /// <summary>Written to live an hour.</summary>
    public decimal? CacheWriteHour { get; init; }

    public decimal? AudioInput { get; init; }

    public decimal? AudioOutput { get; init; }

    /// <summary>What a whole request costs whose input is longer than <see cref="LongOver"/> tokens; null when length does not matter.</summary>
    public Price? Long { get; init; }

    public long LongOver { get; init; }
}
