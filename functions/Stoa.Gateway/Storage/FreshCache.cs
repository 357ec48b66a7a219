using System.Collections.Concurrent;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Storage;

/// <summary>
/// An instance's view of shared state under the staleness rule: what was checked less than <c>Fresh</c> ago is served as it is, without
/// a read or an allocation; older entries are re-read first, once for all who wait; and while storage cannot answer, the last known value
/// serves until <c>MaxStale</c> after its last check. Absence is remembered like a value. Losing the cache loses nothing.
/// </summary>
internal sealed class FreshCache<TKey, TValue>
    where TKey : notnull
    where TValue : class
{
    // After a failed read calls do not each wait for storage to fail again.
    private static readonly TimeSpan FailurePause = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<TKey, Observation> _known = new();
    private readonly Func<TKey, CancellationToken, ValueTask<TValue?>> _load;
    private readonly SingleFlight<TKey, TValue?> _reads;
    private readonly Staleness _staleness;
    private readonly TimeProvider _time;
    private readonly int _capacity;

    public FreshCache(Func<TKey, CancellationToken, ValueTask<TValue?>> load, Staleness staleness, TimeProvider time, int capacity = 10_000)
    {
        (_load, _staleness, _time, _capacity) = (load, staleness, time, capacity);
        _reads = new(ReadAsync);
    }

    /// <summary>The value in force, or null when there is none. Throws <see cref="StorageUnavailableException"/> when it is not known.</summary>
    public ValueTask<TValue?> GetAsync(TKey key, CancellationToken ct) =>
        _known.TryGetValue(key, out var known) && Serves(known) ? new(known.Value) : new(RefreshAsync(key, ct));

    /// <summary>Puts in what this instance itself has just written, so that its own next call sees it.</summary>
    public void Put(TKey key, TValue? value) => _known[key] = new(value, _time.GetTimestamp());

    /// <summary>Forgets all, so that whatever is asked for next is read again.</summary>
    public void Clear() => _known.Clear();

    private async Task<TValue?> RefreshAsync(TKey key, CancellationToken ct)
    {
        try
        {
            return await _reads.JoinAsync(key, ct);
        }
        catch (StorageUnavailableException) when (_known.TryGetValue(key, out var known) && Age(known) < _staleness.MaxStale)
        {
            _known.TryUpdate(key, known with { FailedAt = _time.GetTimestamp() }, known);
            return known.Value;
        }
    }

    private async Task<TValue?> ReadAsync(TKey key)
    {
        // Taken before the read: what the read brings is at least as new as this.
        var at = _time.GetTimestamp();
        var fresh = new Observation(await _load(key, CancellationToken.None), at);
        Trim();

        // A write of our own that happened meanwhile is newer than what was read.
        return _known.AddOrUpdate(key, static (_, fresh) => fresh, static (_, old, fresh) => old.CheckedAt >= fresh.CheckedAt ? old : fresh, fresh).Value;
    }

    // A flood of names that do not exist must not grow memory; whichever entry goes is one read away.
    private void Trim()
    {
        if (_known.Count < _capacity)
        {
            return;
        }

        foreach (var (victim, _) in _known.Take(_capacity / 10))
        {
            _known.TryRemove(victim, out _);
        }
    }

    private bool Serves(Observation known) =>
        Age(known) < _staleness.Fresh
        || (known.FailedAt is { } failedAt && _time.GetElapsedTime(failedAt) < FailurePause && Age(known) < _staleness.MaxStale);

    private TimeSpan Age(Observation known) => _time.GetElapsedTime(known.CheckedAt);

    private sealed record Observation(TValue? Value, long CheckedAt, long? FailedAt = null);
}

/// <summary>How old a view of shared state may be: re-checked after <c>Fresh</c>, refused after <c>MaxStale</c> without an answer.</summary>
internal sealed record Staleness(TimeSpan Fresh, TimeSpan MaxStale);
