namespace Stoa.Gateway.Kernel;

/// <summary>How one limit of a caller stands, as doors tell it in headers.</summary>
/// <param name="Name">For example <c>consumer-requests-per-minute</c>.</param>
/// <param name="Counts">What is counted: <c>requests</c> or <c>tokens</c>.</param>
/// <param name="Limit">So much per window.</param>
/// <param name="Remaining">Never below zero.</param>
/// <param name="Window">Null for a month, which has no fixed length.</param>
/// <param name="ResetAt">When all of it is free again if nothing is taken.</param>
/// <param name="ResetsIn">The same from the moment of the decision.</param>
public sealed record Allowance(string Name, string Counts, long Limit, long Remaining, TimeSpan? Window, DateTimeOffset ResetAt, TimeSpan ResetsIn);

/// <summary>The limit that a refused call met.</summary>
/// <param name="Scope">Whose it is: <c>consumer</c>, <c>tenant</c>, <c>policy</c> (shared by tools) or <c>tool</c>.</param>
/// <param name="Limit">For example <c>requests_per_minute</c>.</param>
/// <param name="Allowed">So much of it.</param>
/// <param name="ResetAt">When there may be room for the call; null when that depends on other calls, or never comes.</param>
public sealed record ExceededLimit(string Scope, string Limit, long Allowed, DateTimeOffset? ResetAt);

/// <summary>What a target says about its own quota.</summary>
/// <param name="Policy">The QuotaPolicy whose limits it shares with all that name it.</param>
/// <param name="Rate">A limit of its own.</param>
public sealed record TargetQuota(string? Policy, CallRate? Rate);

/// <summary>Calls in any minute, and in any second.</summary>
public sealed record CallRate(int PerMinute, int? PerSecond);
