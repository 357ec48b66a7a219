using System.Text.Json;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Models;
using Stoa.Gateway.Quotas;
using Stoa.Gateway.Resources;
using Stoa.Gateway.Secrets;
using Stoa.Gateway.Tenants;
using Stoa.Gateway.Tools;

namespace Stoa.Gateway.Manage;

/// <summary>Which resources name which QuotaPolicy, which Plan and, for Subscriptions, which Consumer.</summary>
internal static class QuotaReferences
{
    private const string Path = "spec.quotaPolicyRef.name";

    private static readonly string[] Kinds = [QuotaPolicyKind.Schema.Kind, PlanKind.Schema.Kind, ConsumerKind.Schema.Kind];

    /// <summary>All that a resource of this kind names.</summary>
    public static IEnumerable<QuotaReference> Of(string kind, ReadOnlyMemory<byte> spec) =>
        kind == TenantKind.Schema.Kind ? OfTenant(JsonSerializer.Deserialize(spec.Span, TenantJson.Default.TenantSpec)!)
            : kind == ConsumerKind.Schema.Kind ? ToPolicy(JsonSerializer.Deserialize(spec.Span, TenantJson.Default.ConsumerSpec)!.QuotaPolicyRef)
            : kind == ToolKind.Schema.Kind ? ToPolicy(JsonSerializer.Deserialize(spec.Span, ToolJson.Default.ToolSpec)!.QuotaPolicyRef)
            : kind == LlmRouteKind.Schema.Kind ? ToPolicy(ModelJson.Route(spec).QuotaPolicyRef)
            : kind == PlanKind.Schema.Kind ? ToPolicy(JsonSerializer.Deserialize(spec.Span, QuotaJson.Default.PlanSpec)!.QuotaPolicyRef)
            : kind == SubscriptionKind.Schema.Kind ? OfSubscription(SubscriptionSpec.Of(spec))
            : [];

    /// <summary>Who names the resource, for example <c>Tool get_weather</c>.</summary>
    public static List<string> UsersOf(string kind, string name, Revision revision) => !Kinds.Contains(kind) ? []
        : [.. revision.Resources.Where(r => Of(r.Kind, r.Spec).Any(to => to.Kind == kind && to.Name == name)).Select(r => $"{r.Kind} {r.Name}")];

    /// <summary>What the document names and does not exist.</summary>
    public static IEnumerable<ResourceFault> Check(ResourceDocument document, Draft draft) =>
        Of(document.Kind, document.Spec).Where(to => draft.Find(to.Kind, to.Name) is null).Select(to => document.Fault(to.Path, Missing(to)))
            .Concat(CheckSecret(document, draft));

    public static string Missing(QuotaReference to) => $"There is no {to.Kind} `{to.Name}`; apply it first, or in the same request.";

    /// <summary>
    /// A tenant that could change what its own Tenant names, or what a plan that it names does, could lift its own limits.
    /// </summary>
    public static bool IsOfTenant(ResourceDocument document, Draft draft)
    {
        if (draft.Find(TenantKind.Schema.Kind, document.Namespace.ToString()) is not { } tenant)
        {
            return false;
        }

        var named = Of(tenant.Kind, tenant.Spec).ToList();
        var ofPlans = named.Where(to => to.Kind == PlanKind.Schema.Kind).Select(to => draft.Find(to.Kind, to.Name)).OfType<Resource>().SelectMany(plan => Of(plan.Kind, plan.Spec));
        return named.Concat(ofPlans).Any(to => to.Kind == document.Kind && to.Name == document.Name);
    }

    /// <summary>What signs warnings must be there.</summary>
    private static IEnumerable<ResourceFault> CheckSecret(ResourceDocument document, Draft draft)
    {
        var (hook, path) = document.Kind == QuotaPolicyKind.Schema.Kind ? (JsonSerializer.Deserialize(document.Spec.Span, QuotaJson.Default.QuotaPolicySpec)!.WarnWebhook, "spec")
            : document.Kind == PlanKind.Schema.Kind ? (JsonSerializer.Deserialize(document.Spec.Span, QuotaJson.Default.PlanSpec)!.Quota?.WarnWebhook, "spec.quota")
            : (null, "");
        return hook?.SecretRef is not { } secret ? []
            : draft.Find(SecretKind.Schema.Kind, secret.Name) is not { } stored ? [document.Fault($"{path}.warnWebhook.secretRef.name", $"There is no Secret `{secret.Name}`; apply it first, or in the same request.")]
            : StoredSecret.Parse(stored).Has(secret.Key) ? []
            : [document.Fault($"{path}.warnWebhook.secretRef.key", $"The Secret `{secret.Name}` has no key `{secret.Key}`.")];
    }

    private static IEnumerable<QuotaReference> OfTenant(TenantSpec tenant) =>
    [
        .. ToPolicy(tenant.QuotaPolicyRef),
        .. ToPolicy(tenant.ConsumerQuotaPolicyRef, "spec.consumerQuotaPolicyRef.name"),
        .. tenant.Plan is { } plan ? new[] { new QuotaReference("spec.plan", PlanKind.Schema.Kind, plan) } : [],
    ];

    private static IEnumerable<QuotaReference> OfSubscription(SubscriptionSpec subscription) =>
    [
        new("spec.consumer", ConsumerKind.Schema.Kind, subscription.Consumer),
        new("spec.plan", PlanKind.Schema.Kind, subscription.Plan),
    ];

    private static IEnumerable<QuotaReference> ToPolicy(QuotaPolicyRef? policy, string path = Path) => policy is null ? [] : [new(path, QuotaPolicyKind.Schema.Kind, policy.Name)];
}

/// <summary>A name in a document and what it is the name of.</summary>
internal readonly record struct QuotaReference(string Path, string Kind, string Name);
