namespace Stoa.Azure.Rest;

/// <summary>How one sending of a conditional write ended.</summary>
internal readonly record struct Attempt<T>(AttemptEnd End, T Outcome, TimeSpan RetryAfter);

internal enum AttemptEnd
{
    /// <summary>Applied; the service said so.</summary>
    Applied,

    /// <summary>Not applied by this sending; the service said so. An earlier sending may still have been.</summary>
    Refused,

    /// <summary>No answer, so it may have been applied, or may still be.</summary>
    Lost,
}

/// <summary>What the stored data tell about a write whose answer was lost.</summary>
internal readonly record struct Evidence<T>(Trace Trace, T Outcome);

internal enum Trace
{
    /// <summary>Others have changed what the write was about, so nothing can be told.</summary>
    Gone,

    /// <summary>The write was not applied and may be sent again.</summary>
    Untouched,

    /// <summary>The outcome is certain.</summary>
    Certain,
}
