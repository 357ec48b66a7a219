namespace Stoa.Gateway.Kernel;

/// <summary>What a model used, in one form whatever the provider's. Parts are contained in their wholes, never beside them.</summary>
/// <param name="Input">All tokens that went in, cached ones included.</param>
/// <param name="Output">All tokens that came out, reasoning included.</param>
public readonly record struct TokenUsage(long Input, long Output)
{
    /// <summary>Of <see cref="Input"/>: read from the provider's prompt cache.</summary>
    public long CacheRead { get; init; }

    /// <summary>Of <see cref="Input"/>: written to the provider's prompt cache, all lifetimes together.</summary>
    public long CacheWrite { get; init; }

    /// <summary>Of <see cref="CacheWrite"/>: written to live an hour, which costs more.</summary>
    public long CacheWriteHour { get; init; }

    /// <summary>Of <see cref="Output"/>: spent on reasoning that may not be shown.</summary>
    public long Reasoning { get; init; }

    /// <summary>Of <see cref="Input"/>: audio.</summary>
    public long AudioInput { get; init; }

    /// <summary>Of <see cref="Output"/>: audio.</summary>
    public long AudioOutput { get; init; }

    /// <summary>True when the provider reported nothing (it broke, or the caller left) and this was counted from what passed by.</summary>
    public bool IsEstimate { get; init; }

    public long Total => Input + Output;
}

/// <summary>What a call of a model came to.</summary>
/// <param name="Usage">Zero when nothing was used.</param>
/// <param name="MicroUsd">Millionths of a US dollar; null when the price is not known.</param>
public sealed record Spent(TokenUsage Usage, long? MicroUsd);
