using System.Collections.Concurrent;

namespace Stoa.Gateway.Storage;

/// <summary>
/// An instance's view of shared state under the staleness rule: what was checked less than <c>Fresh</c> ago is served as it is, without
/// a read or an allocation; older entries are re-read first, once for all who wait; and while storage cannot answer, the last known value
/// serves until <c>MaxStale</c> after its last check. Absence is remembered like a value. Losing the cache loses nothing.
/// </summary>
public sealed class FreshCache<TKey, TValue>(
    Func<TKey, TValue?, CancellationToken, ValueTask<TValue?>> load, Staleness staleness, TimeProvider time, int capacity = 10_000)
    where TKey : notnull
    where TValue : class
{
    // After a failed read calls do not each wait for storage to fail again.
    private static readonly TimeSpan FailurePause = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<TKey, Slot> _slots = new();

    /// <summary>The value in force, or null when there is none. Throws <see cref="StorageUnavailableException"/> when it is not known.</summary>
    public ValueTask<TValue?> GetAsync(TKey key, CancellationToken ct) =>
        _slots.TryGetValue(key, out var slot) && slot.Known is { } known && Serves(known)
            ? new(known.Value)
            : new(RefreshAsync(key, ct));

    /// <summary>Puts in what this instance itself has just written, so that its own next call sees it.</summary>
    public void Put(TKey key, TValue? value)
    {
        var slot = SlotOf(key);
        lock (slot)
        {
            slot.Writes++;
            slot.Known = new(value, time.GetTimestamp());
        }
    }

    private async Task<TValue?> RefreshAsync(TKey key, CancellationToken ct)
    {
        var slot = SlotOf(key);
        Task<TValue?> loading;
        lock (slot)
        {
            if (slot.Known is { } known && Serves(known))
            {
                return known.Value;
            }

            // The shared read outlives a caller that leaves: others wait for it too. The store bounds it in time.
            loading = slot.Loading ??= LoadAsync(key, slot);
        }

        return await loading.WaitAsync(ct);
    }

    private async Task<TValue?> LoadAsync(TKey key, Slot slot)
    {
        // Off the lock that started it: the load may complete synchronously.
        await Task.Yield();
        var startedAt = time.GetTimestamp();
        var writes = slot.Writes;
        try
        {
            var value = await load(key, slot.Known?.Value, CancellationToken.None);
            lock (slot)
            {
                // A write of our own that happened meanwhile is newer than what was read.
                if (slot.Writes == writes)
                {
                    slot.Known = new(value, startedAt);
                }

                return slot.Known!.Value;
            }
        }
        catch (StorageUnavailableException) when (slot.Known is { } known && Age(known) < staleness.MaxStale)
        {
            lock (slot)
            {
                slot.Known = ReferenceEquals(slot.Known, known) ? known with { FailedAt = time.GetTimestamp() } : slot.Known;
                return slot.Known!.Value;
            }
        }
        finally
        {
            lock (slot)
            {
                slot.Loading = null;
            }
        }
    }

    private Slot SlotOf(TKey key)
    {
        if (_slots.Count >= capacity && !_slots.ContainsKey(key))
        {
            // A flood of names that do not exist must not grow memory; whichever entry goes is one read away.
            foreach (var (victim, _) in _slots.Take(capacity / 10))
            {
                _slots.TryRemove(victim, out _);
            }
        }

        return _slots.GetOrAdd(key, static _ => new Slot());
    }

    private bool Serves(Observation known) =>
        Age(known) < staleness.Fresh
        || (known.FailedAt is { } failedAt && time.GetElapsedTime(failedAt) < FailurePause && Age(known) < staleness.MaxStale);

    private TimeSpan Age(Observation known) => time.GetElapsedTime(known.CheckedAt);

    private sealed record Observation(TValue? Value, long CheckedAt, long? FailedAt = null);

    private sealed class Slot
    {
        public volatile Observation? Known;
        public Task<TValue?>? Loading;
        public int Writes;
    }
}

/// <summary>How old a view of shared state may be: re-checked after <c>Fresh</c>, refused after <c>MaxStale</c> without an answer.</summary>
public sealed record Staleness(TimeSpan Fresh, TimeSpan MaxStale)
{
    /// <summary>5 s and 60 s: a change is effective within 5 s everywhere, and a storage outage of a minute goes unnoticed.</summary>
    public static Staleness Default { get; } = new(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(60));
}
