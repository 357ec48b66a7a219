using Stoa.Gateway.Quotas.Ledger;

namespace Stoa.Gateway.Quotas;

/// <summary>
/// Renews and returns what the instance has leased, once a second from the first limited call on until nothing is held any more: an idle
/// instance does not tick.
/// </summary>
internal sealed class LeaseUpkeep : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly LeaseHolder _leases;
    private readonly ITimer _timer;
    private int _isSet;
    private volatile bool _isOver;

    public LeaseUpkeep(LeaseHolder leases, TimeProvider time)
    {
        _leases = leases;

        // Made here, so that no call's trace shows what is done for all.
        _timer = time.CreateTimer(static upkeep => _ = ((LeaseUpkeep)upkeep!).FlushAsync(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Wake()
    {
        if (Volatile.Read(ref _isSet) == 0 && !_isOver && Interlocked.Exchange(ref _isSet, 1) == 0)
        {
            _timer.Change(Interval, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Once no call is under way any more: gives back all that is held, as long as the host has patience. What stays is charged.</summary>
    public async Task DrainAsync(CancellationToken ct)
    {
        _isOver = true;
        await _leases.DrainAsync().WaitAsync(ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose()
    {
        _isOver = true;
        _timer.Dispose();
    }

    private async Task FlushAsync()
    {
        await _leases.FlushAsync();
        Volatile.Write(ref _isSet, 0);
        if (_leases.KnowsScopes)
        {
            Wake();
        }
    }
}
