using System.Collections.Frozen;
using System.Text.Json;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Tenants;

namespace Stoa.Gateway.Quotas;

/// <summary>
/// A revision as this slice reads it: which plans its consumers and its tenant are on, and what those let them do. What a consumer may
/// use, its own plan and its tenant's must both allow. A plan that a revision lacks throws, as damaged configuration does.
/// </summary>
internal sealed class PlanView
{
    private static readonly RevisionView<PlanView> View = new(static revision => new PlanView(revision));

    private readonly FrozenDictionary<string, PlanTerms> _plans;
    private readonly FrozenDictionary<string, SubscriptionSpec> _subscriptions;
    private readonly PlanTerms? _ofTenant;
    private readonly bool _requiresSubscription;

    private PlanView(Revision revision)
    {
        var tenant = TenantView.Of(revision).Tenant;
        _plans = revision.Resources.Where(r => r.Kind == PlanKind.Schema.Kind).ToFrozenDictionary(r => r.Name, r => new PlanTerms(Read(r)), StringComparer.Ordinal);

        // One that is not over comes before one that is, and a newer one before an older one.
        _subscriptions = revision.Resources.Where(r => r.Kind == SubscriptionKind.Schema.Kind)
            .Select(r => (r.CreatedAt, r.Name, Spec: SubscriptionSpec.Of(r.Spec)))
            .GroupBy(s => s.Spec.Consumer, StringComparer.Ordinal)
            .ToFrozenDictionary(
                g => g.Key,
                g => g.OrderBy(s => SubscriptionStates.IsFinal(s.Spec.State!.Value)).ThenByDescending(s => s.CreatedAt).ThenBy(s => s.Name, StringComparer.Ordinal).First().Spec,
                StringComparer.Ordinal);
        _ofTenant = tenant.Plan is { } plan ? Find(plan) : null;
        _requiresSubscription = tenant.RequireSubscription is true;
    }

    public IEnumerable<PlanSpec> All => _plans.Values.Select(p => p.Spec);

    /// <summary>The tenant's own plan; null for none.</summary>
    public PlanSpec? OfTenant => _ofTenant?.Spec;

    public static PlanView Of(Revision revision) => revision.View(View);

    public static PlanSpec Read(Resource plan) => JsonSerializer.Deserialize(plan.Spec.Span, QuotaJson.Default.PlanSpec)!;

    /// <summary>The plan that the consumer is on; null for none.</summary>
    public string? PlanOf(string consumer) => _subscriptions.GetValueOrDefault(consumer)?.Plan;

    public PlanSpec? SpecOf(string consumer) => TermsOf(consumer)?.Spec;

    public bool AllowsModel(string consumer, string model) => (TermsOf(consumer)?.Models.Allows(model) ?? true) && (_ofTenant?.Models.Allows(model) ?? true);

    /// <summary>The tools that exist for the caller: those of its credential that its plans include.</summary>
    public static ToolFilter ToolsOf(Caller caller) => caller.Tools.And(Of(caller.Revision!).ToolsOf(caller.Name));

    /// <summary>The tools that the consumer's plans include.</summary>
    public ToolFilter ToolsOf(string consumer) => (TermsOf(consumer)?.Tools ?? ToolFilter.All).And(_ofTenant?.Tools ?? ToolFilter.All);

    /// <summary>Whether the consumer may pick the provider itself, by header.</summary>
    public bool AllowsProviderOverride(string consumer) => (TermsOf(consumer)?.Spec.AllowProviderOverride ?? true) && (_ofTenant?.Spec.AllowProviderOverride ?? true);

    /// <summary>Why the consumer's calls are not served now; null when they are.</summary>
    public Refusal? Check(string consumer, DateTimeOffset now)
    {
        if (!_subscriptions.TryGetValue(consumer, out var subscription))
        {
            return _requiresSubscription
                ? new(RefusalKind.SubscriptionInactive, "This consumer has no subscription, and its tenant asks for one. Ask the tenant's administrator for a plan.")
                : null;
        }

        var state = subscription.StateAt(now);
        return state is not SubscriptionState.Active
            ? new(RefusalKind.SubscriptionInactive, $"This consumer's subscription to the plan '{subscription.Plan}' is {SubscriptionStates.NameOf(state)}. {Advice(state)}")
            : subscription.TrialEndsAt <= now
                ? new(RefusalKind.TrialExpired, $"This consumer's trial of the plan '{subscription.Plan}' has ended. Ask the tenant's administrator for a plan.")
                : null;
    }

    private static string Advice(SubscriptionState state) => state is SubscriptionState.Revoked or SubscriptionState.Expired
        ? "A new subscription is needed; ask the tenant's administrator."
        : state is SubscriptionState.Pending ? "The tenant's administrator has to approve it." : "Ask the tenant's administrator to resume it.";

    private PlanTerms? TermsOf(string consumer) => _subscriptions.TryGetValue(consumer, out var subscription) ? Find(subscription.Plan) : null;

    private PlanTerms Find(string plan) => _plans.GetValueOrDefault(plan) ?? throw new InvalidDataException($"The Plan '{plan}' is named and does not exist.");

    /// <summary>A plan with its patterns ready for use.</summary>
    private sealed class PlanTerms(PlanSpec spec)
    {
        public PlanSpec Spec => spec;

        public ToolFilter Models { get; } = ToolFilter.Of(spec.Models);

        public ToolFilter Tools { get; } = ToolFilter.Of(spec.Tools);
    }
}
