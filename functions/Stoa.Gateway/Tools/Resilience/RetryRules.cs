using Stoa.Gateway.Egress;

namespace Stoa.Gateway.Tools.Resilience;

/// <summary>What is worth another attempt, and after which wait.</summary>
internal static class RetryRules
{
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(30);

    /// <summary>Only a tool whose second call does no more than its first (RFC 9110 §9.2.2), and whose author asked for it.</summary>
    public static RetrySpec? Of(Tool tool) => tool.Hints.Idempotent || tool.Hints.ReadOnly ? tool.Spec.Retry : null;

    /// <summary>Whether the reason may have passed by itself: not the request's fault, not the configuration's.</summary>
    public static bool IsPassing(EgressReply? reply, EgressFailure? failure) => reply is not null
        ? reply.Status is 408 or 429 or 502 or 503 or 504
        : failure?.Fault is EgressFault.NameNotResolved or EgressFault.ConnectFailed or EgressFault.TimedOut or EgressFault.Broken;

    /// <summary>
    /// Exponential with full jitter, so that callers who failed together do not come back together; on top of what the endpoint asked for.
    /// </summary>
    /// <param name="backoff">The most that is waited before the second attempt.</param>
    /// <param name="attempts">Made so far.</param>
    public static TimeSpan Wait(TimeSpan backoff, int attempts, TimeSpan? retryAfter, Random random)
    {
        var most = Math.Min(LongestBackoff.TotalMilliseconds, backoff.TotalMilliseconds * (1 << (attempts - 1)));
        return (retryAfter ?? TimeSpan.Zero) + TimeSpan.FromMilliseconds(most * random.NextDouble());
    }
}
