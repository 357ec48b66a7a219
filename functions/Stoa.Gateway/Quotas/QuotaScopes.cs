using System.Collections.Concurrent;
using System.Collections.Frozen;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Quotas.Ledger;
using Stoa.Gateway.Tenants;

namespace Stoa.Gateway.Quotas;

/// <summary>
/// A revision as this slice reads it: what limits whom. A consumer's numbers are those of its own policy, then of its tenant's policy for
/// consumers, then of its plan, then of the policy named <c>default</c>; the tenant's those of its policy, then of its plan. A policy that a
/// revision lacks throws, as damaged configuration does.
/// </summary>
internal sealed class QuotaScopes
{
    /// <summary>The policy of every consumer, as far as nothing else says a number.</summary>
    public const string Default = "default";

    private const int MostSubjects = 10_000;

    private static readonly RevisionView<QuotaScopes> View = new(static revision => new QuotaScopes(revision));

    private readonly Revision _revision;
    private readonly PlanView _plans;
    private readonly TenantSpec _tenant;
    private readonly FrozenDictionary<string, QuotaPolicySpec> _policies;
    private readonly FrozenDictionary<string, string?> _consumers;
    private readonly Lazy<Allotment?> _ofTenant;
    private readonly bool _isWeighted;
    private readonly ConcurrentDictionary<(string? Policy, string? Plan), Allotment?> _ofConsumers = new();
    private readonly ConcurrentDictionary<string, Allotment> _shared = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Limits> _rates = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<SubjectKey, CallQuota> _subjects = new();

    private QuotaScopes(Revision revision)
    {
        var tenants = TenantView.Of(revision);
        (_revision, _plans, _tenant) = (revision, PlanView.Of(revision), tenants.Tenant);
        _policies = revision.Resources.Where(r => r.Kind == QuotaPolicyKind.Schema.Kind).ToFrozenDictionary(r => r.Name, QuotaPolicySpec.Of, StringComparer.Ordinal);
        _consumers = tenants.Consumers.ToFrozenDictionary(c => c.Name, c => c.Spec.QuotaPolicyRef?.Name, StringComparer.Ordinal);
        _ofTenant = new(() => Allot([Policy(_tenant.QuotaPolicyRef?.Name), QuotaOf(_plans.OfTenant)]));
        _isWeighted = _policies.Values.Any(p => p.Weights is not null) || _plans.All.Any(p => p.Quota?.Weights is not null);

        // Whoever has the slug after this tenant begins with books of its own.
        Partition = $"{revision.Tenant}--{revision.Uid}";
    }

    /// <summary>Where the tenant's books are.</summary>
    public string Partition { get; }

    public static QuotaScopes Of(Revision revision) => revision.View(View);

    /// <summary>All that limits the call, once its target is known; null when nothing does.</summary>
    public CallQuota? Find(Call call)
    {
        if (call.Target is not { } target)
        {
            return null;
        }

        var quota = target.Quota;
        var isLimited = OfConsumerOrNull(call.Caller.Name) is not null;
        if (quota is null && !isLimited && _ofTenant.Value is null)
        {
            return null;
        }

        var isModel = call.Operation is Operation.CallModel;
        var key = new SubjectKey(
            isLimited ? call.Caller.Name : null, quota?.Policy, quota?.Rate is null && !_isWeighted ? null : target.Name, isModel, _isWeighted && call.Demand?.IsStream is true);
        if (_subjects.TryGetValue(key, out var known))
        {
            return known;
        }

        if (_subjects.Count >= MostSubjects)
        {
            _subjects.Clear();
        }

        return _subjects.GetOrAdd(key, Make(call.Caller.Name, target, isModel, key.IsStream));
    }

    /// <summary>Every scope of the tenant, the tenant's own first; <paramref name="targets"/> are all there are.</summary>
    public IReadOnlyList<(string Key, Limits Limits)> All(IEnumerable<Target> targets) =>
        [.. OfTenant().Select(Pair), .. _consumers.Keys.Order(StringComparer.Ordinal).SelectMany(OfConsumer), .. targets.SelectMany(t => OfTarget(t).Select(Pair).Concat(RateOf(t))).DistinctBy(s => s.Key)];

    public IEnumerable<(string Key, Limits Limits)> OfConsumer(string name) =>
        OfConsumerOrNull(name) is { } allotment ? [(ScopeKey.OfConsumer(name), allotment.Limits)] : [];

    private static (string Key, Limits Limits) Pair((string Key, Allotment Allotment) scope) => (scope.Key, scope.Allotment.Limits);

    private static QuotaPolicySpec? Merge(IEnumerable<QuotaPolicySpec?> specs) => specs.OfType<QuotaPolicySpec>().Aggregate((QuotaPolicySpec?)null, static (all, next) => all?.Over(next) ?? next);

    private static Limits LimitsOf(CallRate rate)
    {
        Limit perMinute = new(Dimension.Requests, Window.Minute, rate.PerMinute);
        return new(rate.PerSecond is { } most ? [perMinute, new(Dimension.Requests, Window.Second, most)] : [perMinute]);
    }

    private CallQuota Make(string consumer, Target target, bool isModel, bool isStream)
    {
        (string Key, Allotment Allotment)[] scopes = [.. OfTenant(), .. OfConsumerOrNull(consumer) is { } own ? [(ScopeKey.OfConsumer(consumer), own)] : Array.Empty<(string, Allotment)>(), .. OfTarget(target)];
        var limits = scopes.Select(s => new ScopeLimits(s.Key, s.Allotment.Limits, s.Allotment.Spec.Weights?.Of(target.Name, isModel, isStream) ?? 1));
        var subject = new QuotaSubject(Partition, limits.Concat(RateOf(target).Select(r => new ScopeLimits(r.Key, r.Limits))));
        return new(subject, CallTerms.Of(scopes.Select(s => (s.Key, s.Allotment.Spec))));
    }

    private IEnumerable<(string Key, Allotment Allotment)> OfTenant() => _ofTenant.Value is { } allotment ? [(ScopeKey.Tenant, allotment)] : [];

    private Allotment? OfConsumerOrNull(string name)
    {
        if (!_consumers.TryGetValue(name, out var policy))
        {
            return null;
        }

        var key = (policy, _plans.PlanOf(name));
        return _ofConsumers.TryGetValue(key, out var known) ? known : _ofConsumers.GetOrAdd(key, Allot(
            [Policy(policy), Policy(_tenant.ConsumerQuotaPolicyRef?.Name), QuotaOf(_plans.SpecOf(name)), _policies.GetValueOrDefault(Default)]));
    }

    private IEnumerable<(string Key, Allotment Allotment)> OfTarget(Target target)
    {
        if (target.Quota?.Policy is { } policy)
        {
            yield return (ScopeKey.OfPolicy(policy), _shared.GetOrAdd(policy, static (name, scopes) => scopes.Allot([scopes.Policy(name)])!, this));
        }
    }

    private IEnumerable<(string Key, Limits Limits)> RateOf(Target target) =>
        target.Quota?.Rate is { } rate ? [(ScopeKey.OfTool(target.Name), _rates.GetOrAdd(target.Name, static (_, rate) => LimitsOf(rate), rate))] : [];

    private QuotaPolicySpec? QuotaOf(PlanSpec? plan) => plan?.Quota ?? Policy(plan?.QuotaPolicyRef?.Name);

    private QuotaPolicySpec? Policy(string? name) => name is null ? null : _policies.GetValueOrDefault(name)
        ?? throw new InvalidDataException($"The QuotaPolicy '{name}' is named and does not exist.");

    private Allotment? Allot(IEnumerable<QuotaPolicySpec?> specs)
    {
        if (Merge(specs) is not { } spec)
        {
            return null;
        }

        var webhook = spec.WarnWebhook is { } hook ? new QuotaWebhook(hook.Url, hook.SecretRef, _revision) : null;
        return new(spec, spec.ToLimits(new(spec.WarnAt ?? QuotaAlarm.UsualPercent, _revision.Tenant, webhook)));
    }

    /// <summary>What one scope may use, all numbers settled.</summary>
    private sealed record Allotment(QuotaPolicySpec Spec, Limits Limits);

    private readonly record struct SubjectKey(string? Consumer, string? Policy, string? Target, bool IsModel, bool IsStream);
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
