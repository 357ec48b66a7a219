using System.Collections.Concurrent;
using System.Collections.Frozen;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Quotas.Ledger;
using Stoa.Gateway.Tenants;

namespace Stoa.Gateway.Quotas;

/// <summary>A revision as this slice reads it: what limits whom. A policy that a revision lacks throws, as damaged configuration does.</summary>
internal sealed class QuotaScopes
{
    private const int MostSubjects = 10_000;

    private static readonly RevisionView<QuotaScopes> View = new(static revision => new QuotaScopes(revision));

    private readonly FrozenDictionary<string, Limits> _policies;
    private readonly FrozenDictionary<string, string> _consumers;
    private readonly string? _tenant;
    private readonly ConcurrentDictionary<string, Limits> _rates = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string? Consumer, string? Policy, string? Tool), QuotaSubject> _subjects = new();

    private QuotaScopes(Revision revision)
    {
        var tenants = TenantView.Of(revision);
        _policies = revision.Resources.Where(r => r.Kind == QuotaPolicyKind.Schema.Kind).ToFrozenDictionary(r => r.Name, QuotaPolicySpec.LimitsOf, StringComparer.Ordinal);
        _consumers = tenants.Consumers.Where(c => c.Spec.QuotaPolicyRef is not null)
            .ToFrozenDictionary(c => c.Name, c => c.Spec.QuotaPolicyRef!.Name, StringComparer.Ordinal);
        _tenant = tenants.Tenant.QuotaPolicyRef?.Name;

        // Whoever has the slug after this tenant begins with books of its own.
        Partition = $"{revision.Tenant}--{revision.Uid}";
    }

    /// <summary>Where the tenant's books are.</summary>
    public string Partition { get; }

    public static QuotaScopes Of(Revision revision) => revision.View(View);

    /// <summary>All that limits this consumer's calls of this target; null when nothing does.</summary>
    public QuotaSubject? SubjectOf(string consumer, Target target)
    {
        var quota = target.Quota;
        var isLimited = _consumers.ContainsKey(consumer);
        if (quota is null && !isLimited && _tenant is null)
        {
            return null;
        }

        var key = (isLimited ? consumer : null, quota?.Policy, quota?.Rate is null ? null : target.Name);
        if (_subjects.TryGetValue(key, out var known))
        {
            return known;
        }

        if (_subjects.Count >= MostSubjects)
        {
            _subjects.Clear();
        }

        return _subjects.GetOrAdd(key, new QuotaSubject(Partition, [.. OfTenant(), .. OfConsumer(consumer), .. OfTarget(target)]));
    }

    /// <summary>Every scope of the tenant, the tenant's own first; <paramref name="targets"/> are all there are.</summary>
    public IReadOnlyList<(string Key, Limits Limits)> All(IEnumerable<Target> targets) =>
        [.. OfTenant(), .. _consumers.Keys.Order(StringComparer.Ordinal).SelectMany(OfConsumer), .. targets.SelectMany(OfTarget).DistinctBy(s => s.Key)];

    public IEnumerable<(string Key, Limits Limits)> OfConsumer(string name) =>
        _consumers.TryGetValue(name, out var policy) ? [(ScopeKey.OfConsumer(name), Policy(policy))] : [];

    private IEnumerable<(string Key, Limits Limits)> OfTenant() => _tenant is { } policy ? [(ScopeKey.Tenant, Policy(policy))] : [];

    private IEnumerable<(string Key, Limits Limits)> OfTarget(Target target)
    {
        if (target.Quota?.Policy is { } policy)
        {
            yield return (ScopeKey.OfPolicy(policy), Policy(policy));
        }

        if (target.Quota?.Rate is { } rate)
        {
            yield return (ScopeKey.OfTool(target.Name), _rates.GetOrAdd(target.Name, static (_, rate) => LimitsOf(rate), rate));
        }
    }

    private static Limits LimitsOf(CallRate rate)
    {
        Limit perMinute = new(Dimension.Requests, Window.Minute, rate.PerMinute);
        return new(rate.PerSecond is { } most ? [perMinute, new(Dimension.Requests, Window.Second, most)] : [perMinute]);
    }

    private Limits Policy(string name) => _policies.GetValueOrDefault(name)
        ?? throw new InvalidDataException($"The QuotaPolicy '{name}' is named and does not exist.");
}

/// <summary>Row keys of scopes: <c>tenant</c>, <c>consumer:bot</c>, <c>policy:gold</c>, <c>tool:get_weather</c>. By name: whoever is made anew under a name goes on with its books.</summary>
internal static class ScopeKey
{
    public const string Tenant = "tenant";

    public static string OfConsumer(string name) => $"consumer:{name}";

    public static string OfPolicy(string name) => $"policy:{name}";

    public static string OfTool(string name) => $"tool:{name}";

    public static (string Kind, string? Name) Split(string key) =>
        key.IndexOf(':', StringComparison.Ordinal) is var at && at < 0 ? (key, null) : (key[..at], key[(at + 1)..]);
}
