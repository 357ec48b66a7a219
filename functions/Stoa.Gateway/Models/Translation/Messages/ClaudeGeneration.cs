namespace Stoa.Gateway.Models.Translation.Messages;

/// <summary>
/// What a Claude model takes, by the generation in its name (<c>claude-opus-4-7</c>, <c>claude-3-7-sonnet-20250219</c>): up to 4.5 thinking has
/// a budget, from 4.6 on it adapts to an effort; from 4.7 on there are no sampling parameters. A name that tells none is taken for a new one.
/// </summary>
internal readonly record struct ClaudeGeneration(int Major, int Minor)
{
    public bool HasThinkingBudget => Major < 4 || (Major == 4 && Minor <= 5);

    public bool HasSampling => Major < 4 || (Major == 4 && Minor <= 6);

    public static ClaudeGeneration Of(string model)
    {
        var at = model.IndexOf("claude-", StringComparison.Ordinal);
        int? major = null;
        foreach (var range in at < 0 ? default : model.AsSpan(at).SplitAny('-', '@', ':', '.'))
        {
            // A date, such as 20250514, is no version.
            var word = model.AsSpan(at)[range];
            if (word.Length > 2 || !int.TryParse(word, out var number))
            {
                if (major is not null)
                {
                    break;
                }
            }
            else if (major is null)
            {
                major = number;
            }
            else
            {
                return new(major.Value, number);
            }
        }

        return major is { } known ? new(known, 0) : new(int.MaxValue, 0);
    }
}
