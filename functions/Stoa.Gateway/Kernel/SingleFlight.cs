using System.Collections.Concurrent;

namespace Stoa.Gateway.Kernel;

/// <summary>Lets concurrent callers who need the same thing share one fetch of it. Keeps nothing afterwards, failures included.</summary>
internal sealed class SingleFlight<TKey, TResult>(Func<TKey, Task<TResult>> fetch)
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, Lazy<Task<TResult>>> _flights = new();

    /// <summary>The token ends this caller's wait only: the fetch serves others too and ends by the time limits of what it calls.</summary>
    public Task<TResult> JoinAsync(TKey key, CancellationToken ct)
    {
        var flight = _flights.GetOrAdd(key, static (key, self) => new(() => self.FlyAsync(key)), this);
        return flight.Value.WaitAsync(ct);
    }

    private async Task<TResult> FlyAsync(TKey key)
    {
        try
        {
            return await fetch(key);
        }
        finally
        {
            _flights.TryRemove(key, out _);
        }
    }
}
