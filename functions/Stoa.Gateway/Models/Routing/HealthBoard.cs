using System.Collections.Concurrent;

namespace Stoa.Gateway.Models.Routing;

/// <summary>
/// The health of every target that this instance has asked. Bounded, forgotten when idle or changed, and none of it of record: losing it
/// costs a few calls to a provider that fails.
/// </summary>
internal sealed class HealthBoard(TimeProvider time)
{
    public const int Capacity = 10_000;

    /// <summary>Longer than any breaker stays open or looks back.</summary>
    public static readonly TimeSpan IdleLimit = TimeSpan.FromMinutes(30);

    private static readonly TimeSpan TrimEvery = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(string Tenant, string Provider, string Model), TargetHealth> _targets = new();
    private long _trimmedAt = time.GetTimestamp();

    public int Count => _targets.Count;

    /// <summary>The health of the model at the provider as it is configured now.</summary>
    public TargetHealth Of(Provider provider, string model)
    {
        var key = (provider.Revision.Uid, provider.Name, model);
        if (!_targets.TryGetValue(key, out var health))
        {
            Trim();
            health = _targets.GetOrAdd(key, static (_, args) => new(args.Spec, args.time), (provider.Spec, time));
        }
        else if (!health.Fits(provider.Spec))
        {
            health = _targets[key] = new(provider.Spec, time);
        }

        health.UsedAt = time.GetTimestamp();
        return health;
    }

    /// <summary>For people, and for the order of targets: does not count as a use.</summary>
    public TargetHealth? Find(Provider provider, string model) =>
        _targets.TryGetValue((provider.Revision.Uid, provider.Name, model), out var health) && health.Fits(provider.Spec) ? health : null;

    /// <summary>What was seen of the provider's models, by model.</summary>
    public IReadOnlyList<(string Model, TargetHealth Health)> SeenOf(Provider provider) =>
    [
        .. _targets.Where(t => t.Key.Tenant == provider.Revision.Uid && t.Key.Provider == provider.Name && t.Value.Fits(provider.Spec))
            .OrderBy(t => t.Key.Model, StringComparer.Ordinal).Select(t => (t.Key.Model, t.Value)),
    ];

    private void Trim()
    {
        if (_targets.Count < Capacity && time.GetElapsedTime(_trimmedAt) < TrimEvery)
        {
            return;
        }

        _trimmedAt = time.GetTimestamp();
        foreach (var target in _targets.Where(t => time.GetElapsedTime(t.Value.UsedAt) > IdleLimit))
        {
            _targets.TryRemove(target);
        }

        if (_targets.Count >= Capacity)
        {
            foreach (var target in _targets.Take(Capacity / 10))
            {
                _targets.TryRemove(target);
            }
        }
    }
}
