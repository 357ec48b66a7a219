namespace Stoa.Gateway.Kernel;

/// <summary>How one limit of a caller stands, as doors tell it in headers.</summary>
/// <param name="Name">For example <c>consumer-requests-per-minute</c>.</param>
/// <param name="Counts">What is counted: <c>requests</c>, <c>tokens</c> or <c>micro_usd</c>.</param>
/// <param name="Limit">So much per window.</param>
/// <param name="Remaining">Never below zero.</param>
/// <param name="Window">Null for a month, which has no fixed length.</param>
/// <param name="ResetAt">When all of it is free again if nothing is taken.</param>
/// <param name="MoreIn">How long until some of it is free again.</param>
public sealed record Allowance(string Name, string Counts, long Limit, long Remaining, TimeSpan? Window, DateTimeOffset ResetAt, TimeSpan MoreIn)
{
    /// <summary><see cref="ResetAt"/> from the moment of the decision.</summary>
    public TimeSpan ResetsIn { get; init; }

    /// <summary>What is used or held by others. Not what <see cref="Remaining"/> leaves: of what is free, only a share is told to be there.</summary>
    public long Used { get; init; }

    /// <summary>Of its owner's limits that count the same the one that will be met first; it stands for them where there is little place.</summary>
    public bool IsTightest { get; init; } = true;
}

/// <summary>The limit that a refused call met.</summary>
/// <param name="Scope">Whose it is: <c>consumer</c>, <c>tenant</c>, <c>policy</c> (shared by tools or routes), <c>tool</c>, or <c>instance</c> while storage is down.</param>
/// <param name="Limit">For example <c>requests_per_minute</c>.</param>
/// <param name="Allowed">So much of it: a whole number, save for dollars.</param>
/// <param name="ResetAt">When there may be room for the call; null when that depends on other calls, or never comes.</param>
public sealed record ExceededLimit(string Scope, string Limit, decimal Allowed, DateTimeOffset? ResetAt);

/// <summary>What a target says about its own quota.</summary>
/// <param name="Policy">The QuotaPolicy whose limits it shares with all that name it.</param>
/// <param name="Rate">A limit of its own.</param>
public sealed record TargetQuota(string? Policy, CallRate? Rate);

/// <summary>Calls in any minute, and in any second.</summary>
public sealed record CallRate(int PerMinute, int? PerSecond);
