namespace Stoa.Gateway.Kernel;

/// <summary>
/// What a call of a model may use at most, told before it starts so that it can be reserved. Of several targets that may serve it, the
/// dearest counts.
/// </summary>
public sealed record Demand
{
    /// <summary>Estimated tokens of the request: meant as an upper bound, and so rather too many.</summary>
    public required long InputTokens { get; init; }

    /// <summary>The most tokens that the answer may have: what the caller set, else what the target allows. Zero for embeddings.</summary>
    public required long OutputTokens { get; init; }

    /// <summary>
    /// The bound of the answer may be lowered to this when there is no room for more; the terminal then asks the model for no more than
    /// <see cref="Call.OutputBound"/>. Equal to <see cref="OutputTokens"/> when the protocol knows no bound.
    /// </summary>
    public required long LeastOutputTokens { get; init; }

    /// <summary>Null when nobody knows the price of a target that may serve it.</summary>
    public TokenRates? Rates { get; init; }

    public bool IsStream { get; init; }

    /// <summary>Millionths of a US dollar at most, for this much output; null without a price.</summary>
    public long? MicroUsd(long outputTokens) => Rates is { } rates ? rates.MicroUsd(InputTokens, outputTokens) : null;
}

/// <summary>The dearest that a token of each kind can get, in US dollars per million tokens.</summary>
public readonly record struct TokenRates(decimal Input, decimal Output)
{
    /// <summary>Rounded up: what is reserved is never less than what is charged.</summary>
    public long MicroUsd(long input, long output) => (long)decimal.Ceiling((input * Input) + (output * Output));
}
