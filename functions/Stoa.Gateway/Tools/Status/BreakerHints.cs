using Stoa.Gateway.Storage;
using Stoa.Gateway.Tools.Resilience;

namespace Stoa.Gateway.Tools.Status;

/// <summary>
/// Whoever sees an endpoint fail asks, every 5 s at most, whether another instance has found that out already, and then leaves it alone
/// as long. Asked behind the call's back; no answer changes nothing.
/// </summary>
internal sealed class BreakerHints(StatusRows rows, Breakers breakers, TimeProvider time)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    public void Ask(Tool tool, StatusEntry entry)
    {
        if (!tool.Spec.CircuitBreaker.Enabled || (entry.AskedAt is not 0 and var askedAt && time.GetElapsedTime(askedAt) < Interval))
        {
            return;
        }

        entry.AskedAt = time.GetTimestamp();
        ThreadPool.UnsafeQueueUserWorkItem(static work => _ = work.Hints.AskAsync(work.Tool, work.Entry), (Hints: this, Tool: tool, Entry: entry), preferLocal: false);
    }

    private async Task AskAsync(Tool tool, StatusEntry entry)
    {
        try
        {
            if (await rows.ReadAsync(entry.Tenant, entry.Tool, CancellationToken.None) is ({ Breaker: { State: BreakerPhase.Open, Until: { } until } } row, _) && row.Uid == entry.Uid)
            {
                breakers.Hint(tool, until);
            }
        }
        catch (StorageUnavailableException)
        {
            // Then this instance finds out by itself.
        }
    }
}
