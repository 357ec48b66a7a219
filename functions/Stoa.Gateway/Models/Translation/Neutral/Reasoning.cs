namespace Stoa.Gateway.Models.Translation.Neutral;

/// <summary>How much the model shall think: by an effort, by a budget of tokens, as it sees fit, or not at all.</summary>
/// <param name="Effort">none, minimal, low, medium, high, xhigh or max; null when none is given.</param>
/// <param name="Budget">Tokens; null when none is given.</param>
/// <param name="IsOff">Explicitly no thinking.</param>
/// <param name="ShowsThoughts">Whether the caller wants to read a summary of it; null when nobody said.</param>
internal sealed record Reasoning(string? Effort, long? Budget, bool IsOff, bool? ShowsThoughts)
{
    private const long Minimal = 1024;
    private const long Low = 4096;
    private const long Medium = 16_384;

    /// <summary>The effort, or the one whose usual budget is nearest above; null when the model shall decide.</summary>
    public string? EffortOrNearest => Effort ?? Budget switch
    {
        null => null,
        <= Low => "low",
        <= Medium => "medium",
        _ => "high",
    };

    /// <summary>The budget, or the usual one of the effort; null when the model shall decide.</summary>
    public long? BudgetOrUsual => Budget ?? Effort switch
    {
        null => null,
        "minimal" => Minimal,
        "low" => Low,
        "medium" => Medium,
        _ => 32_768,
    };
}
