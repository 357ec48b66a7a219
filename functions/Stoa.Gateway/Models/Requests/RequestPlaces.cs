namespace Stoa.Gateway.Models.Requests;

/// <summary>Byte positions in a request that <see cref="RequestSplice"/> needs. A range is that of the value's token; empty when it is absent.</summary>
internal readonly record struct RequestPlaces
{
    /// <summary>Behind the opening brace: where members are added.</summary>
    public int Start { get; init; }

    public Range Model { get; init; }

    /// <summary><c>max_tokens</c>, or <c>max_output_tokens</c> of responses.</summary>
    public Cap MaxTokens { get; init; }

    /// <summary><c>max_completion_tokens</c> of chat completions.</summary>
    public Cap MaxCompletionTokens { get; init; }

    /// <summary>Where the name of <see cref="MaxCompletionTokens"/> begins.</summary>
    public int MaxCompletionTokensName { get; init; }

    public Range StreamOptions { get; init; }

    /// <summary>Where the name of <see cref="StreamOptions"/> begins.</summary>
    public int StreamOptionsName { get; init; }

    /// <summary>Whether <see cref="StreamOptions"/> is an object with members, rather than null or <c>{}</c>.</summary>
    public bool HasStreamOptions { get; init; }

    public Range IncludeUsage { get; init; }

    /// <summary>A bound of the answer; <see cref="Amount"/> is null when the member is there and null.</summary>
    internal readonly record struct Cap(Range Value, long? Amount)
    {
        public bool IsPresent => !Value.Equals(default);
    }
}
