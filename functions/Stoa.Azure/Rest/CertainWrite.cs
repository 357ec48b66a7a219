namespace Stoa.Azure.Rest;

/// <summary>
/// Sends a conditional write until its outcome is certain. When an answer is lost, it looks at what is stored before it sends the same
/// write again, as repeating it blindly would take our own first success for another writer's.
/// </summary>
/// <param name="send">Sends it once. Every sending carries the same write id.</param>
/// <param name="examine">Looks for that write id in what is stored.</param>
/// <param name="unknown">The outcome when the data cannot tell.</param>
internal sealed class CertainWrite<T>(
    Func<CancellationToken, ValueTask<Attempt<T>>> send,
    Func<CancellationToken, ValueTask<Evidence<T>>> examine,
    T unknown,
    TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <summary>Bounded by the token alone, which ends with the operation's time.</summary>
    public async ValueTask<T> RunAsync(CancellationToken ct)
    {
        var lost = false;
        for (var pause = FirstPause; ; pause = Shorter(2 * pause, LongestPause))
        {
            var attempt = await send(ct);
            if (attempt.End is AttemptEnd.Applied || (attempt.End is AttemptEnd.Refused && !lost))
            {
                return attempt.Outcome;
            }

            if (attempt.End is AttemptEnd.Lost)
            {
                lost = true;
                await Task.Delay(attempt.RetryAfter + (pause * (0.5 + Random.Shared.NextDouble())), time, ct);
            }

            var evidence = await examine(ct);
            switch (evidence.Trace)
            {
                case Trace.Certain:
                    return evidence.Outcome;
                case Trace.Gone:
                    return unknown;
                case Trace.Untouched when attempt.End is AttemptEnd.Refused:
                    return attempt.Outcome;
            }
        }
    }

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
