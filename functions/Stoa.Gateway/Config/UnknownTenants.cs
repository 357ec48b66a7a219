using System.Collections.Concurrent;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Config;

/// <summary>Remembers for a short while which slugs name nobody, so that guessing costs us no storage read per guess. Bounded.</summary>
internal sealed class UnknownTenants(TimeSpan lifetime, TimeProvider time)
{
    public const int Capacity = 10_000;

    private readonly ConcurrentDictionary<TenantId, long> _seen = new();

    // ConcurrentDictionary.Count takes every lock.
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public bool Contains(TenantId tenant, long now) => _seen.TryGetValue(tenant, out var at) && time.GetElapsedTime(at, now) < lifetime;

    public void Add(TenantId tenant, long now)
    {
        if (_seen.TryAdd(tenant, now))
        {
            if (Interlocked.Increment(ref _count) > Capacity)
            {
                Evict();
            }
        }
        else
        {
            _seen[tenant] = now;
        }
    }

    // String hashes are seeded per process, so the first in enumeration order are random ones: no guesser can choose what is forgotten.
    private void Evict()
    {
        foreach (var (tenant, _) in _seen.Take(Capacity / 8))
        {
            if (_seen.TryRemove(tenant, out _))
            {
                Interlocked.Decrement(ref _count);
            }
        }
    }
}
