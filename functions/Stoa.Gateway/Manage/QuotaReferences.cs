using System.Text.Json;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Models;
using Stoa.Gateway.Quotas;
using Stoa.Gateway.Resources;
using Stoa.Gateway.Tenants;
using Stoa.Gateway.Tools;

namespace Stoa.Gateway.Manage;

/// <summary>Which resources name which QuotaPolicy.</summary>
internal static class QuotaReferences
{
    public const string Path = "spec.quotaPolicyRef.name";

    /// <summary>The policy that a resource of this kind names, or null.</summary>
    public static string? Of(string kind, ReadOnlyMemory<byte> spec) =>
        (kind == TenantKind.Schema.Kind ? JsonSerializer.Deserialize(spec.Span, TenantJson.Default.TenantSpec)!.QuotaPolicyRef
            : kind == ConsumerKind.Schema.Kind ? JsonSerializer.Deserialize(spec.Span, TenantJson.Default.ConsumerSpec)!.QuotaPolicyRef
            : kind == ToolKind.Schema.Kind ? JsonSerializer.Deserialize(spec.Span, ToolJson.Default.ToolSpec)!.QuotaPolicyRef
            : kind == LlmRouteKind.Schema.Kind ? ModelJson.Route(spec).QuotaPolicyRef
            : null)?.Name;

    /// <summary>Who names the policy, for example <c>Tool get_weather</c>.</summary>
    public static List<string> UsersOf(string policy, Revision revision) =>
        [.. revision.Resources.Where(r => Of(r.Kind, r.Spec) == policy).Select(r => $"{r.Kind} {r.Name}")];

    /// <summary>What is wrong with the policy that the document names; null when nothing is.</summary>
    public static ResourceFault? Check(ResourceDocument document, Draft draft) =>
        Of(document.Kind, document.Spec) is { } policy && draft.Find(QuotaPolicyKind.Schema.Kind, policy) is null
            ? document.Fault(Path, Missing(policy))
            : null;

    public static string Missing(string policy) => $"There is no QuotaPolicy `{policy}`; apply it first, or in the same request.";

    /// <summary>A tenant that could change what its own Tenant names could lift its own limits.</summary>
    public static bool IsOfTenant(ResourceDocument document, Draft draft) =>
        document.Kind == QuotaPolicyKind.Schema.Kind
        && draft.Find(TenantKind.Schema.Kind, document.Namespace.ToString()) is { } tenant
        && Of(tenant.Kind, tenant.Spec) == document.Name;
}
