using System.Collections.Concurrent;

namespace Stoa.Gateway.Tools.Resilience;

/// <summary>The bounds of every <see cref="IdleMap{TKey,TSpec,TValue}"/>.</summary>
internal static class IdleMap
{
    public const int Capacity = 10_000;

    /// <summary>Longer than any breaker stays open or looks back.</summary>
    public static readonly TimeSpan IdleLimit = TimeSpan.FromMinutes(30);

    public static readonly TimeSpan TrimEvery = TimeSpan.FromMinutes(1);
}

/// <summary>
/// What this instance has seen of each upstream. Bounded, forgotten when idle or when the upstream's spec is changed, and none of it of
/// record: losing it costs a few calls to an upstream that fails.
/// </summary>
internal sealed class IdleMap<TKey, TSpec, TValue>(Func<TSpec, TValue> create, Func<TValue, TSpec, bool> fits, TimeProvider time)
    where TKey : notnull
    where TValue : class
{
    private readonly ConcurrentDictionary<TKey, Entry> _entries = new();
    private long _trimmedAt = time.GetTimestamp();

    public int Count => _entries.Count;

    public IEnumerable<(TKey Key, TValue Value)> All => _entries.Select(static e => (e.Key, e.Value.Value));

    /// <summary>The value of the upstream as it is configured now.</summary>
    public TValue Of(TKey key, TSpec spec)
    {
        if (!_entries.TryGetValue(key, out var entry))
        {
            Trim();
            entry = _entries.GetOrAdd(key, static (_, args) => args.Map.Enter(args.Spec), (Map: this, Spec: spec));
        }
        else if (!fits(entry.Value, spec))
        {
            entry = _entries[key] = Enter(spec);
        }

        entry.UsedAt = time.GetTimestamp();
        return entry.Value;
    }

    /// <summary>Does not count as a use.</summary>
    public TValue? Find(TKey key, TSpec spec) => _entries.TryGetValue(key, out var entry) && fits(entry.Value, spec) ? entry.Value : null;

    private Entry Enter(TSpec spec) => new(create(spec)) { UsedAt = time.GetTimestamp() };

    private void Trim()
    {
        if (_entries.Count < IdleMap.Capacity && time.GetElapsedTime(_trimmedAt) < IdleMap.TrimEvery)
        {
            return;
        }

        _trimmedAt = time.GetTimestamp();
        foreach (var entry in _entries.Where(e => time.GetElapsedTime(e.Value.UsedAt) > IdleMap.IdleLimit))
        {
            _entries.TryRemove(entry);
        }

        if (_entries.Count >= IdleMap.Capacity)
        {
            foreach (var entry in _entries.Take(IdleMap.Capacity / 10))
            {
                _entries.TryRemove(entry);
            }
        }
    }

    private sealed class Entry(TValue value)
    {
        public TValue Value { get; } = value;

        public long UsedAt { get; set; }
    }
}
