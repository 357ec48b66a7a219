using System.Text.Json;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Models;
using Stoa.Gateway.Quotas;
using Stoa.Gateway.Secrets;
using Stoa.Gateway.Tools;

namespace Stoa.Gateway.Manage;

/// <summary>Which resources cannot work without which key of which Secret.</summary>
internal static class SecretUses
{
    /// <summary>The user is named as people do, for example <c>Tool get_weather</c>.</summary>
    public static IEnumerable<(string User, SecretRef Secret)> In(IEnumerable<Resource> resources) =>
        from resource in resources
        from secret in Of(resource)
        select ($"{resource.Kind} {resource.Name}", secret);

    private static IEnumerable<SecretRef> Of(Resource resource) =>
        resource.Kind == ToolKind.Schema.Kind ? JsonSerializer.Deserialize(resource.Spec.Span, ToolJson.Default.ToolSpec)!.Auth.Secrets
        : resource.Kind == LlmProviderKind.Schema.Kind && ModelJson.Provider(resource.Spec).Auth?.SecretRef is { } secret ? [secret]
        : resource.Kind == QuotaPolicyKind.Schema.Kind && QuotaPolicySpec.Of(resource).WarnWebhook?.SecretRef is { } ofPolicy ? [ofPolicy]
        : resource.Kind == PlanKind.Schema.Kind && PlanView.Read(resource).Quota?.WarnWebhook?.SecretRef is { } ofPlan ? [ofPlan]
        : [];
}
