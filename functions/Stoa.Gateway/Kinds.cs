using Stoa.Gateway.Models;
using Stoa.Gateway.OpenApi;
using Stoa.Gateway.Quotas;
using Stoa.Gateway.Resources;
using Stoa.Gateway.Secrets;
using Stoa.Gateway.Tenants;
using Stoa.Gateway.Tools;

namespace Stoa.Gateway;

/// <summary>Every kind of resource, in the order of the reference. A new kind is one line here.</summary>
internal static class Kinds
{
    public static KindRegistry Registry { get; } = new(
    [
        TenantKind.Schema, ConsumerKind.Schema, QuotaPolicyKind.Schema, PlanKind.Schema, SubscriptionKind.Schema, SecretKind.Schema,
        ToolKind.Schema, ToolSetKind.Schema, LlmProviderKind.Schema, LlmRouteKind.Schema,
    ]);
}
