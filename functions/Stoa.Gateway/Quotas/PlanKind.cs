using Stoa.Gateway.Resources;
using Stoa.Gateway.Resources.Shapes;
using Stoa.Gateway.Tenants;

namespace Stoa.Gateway.Quotas;

/// <summary>The kind <c>Plan</c>.</summary>
internal static class PlanKind
{
    public static KindSchema Schema { get; } = new()
    {
        Kind = "Plan",
        Plural = "plans",
        Description = "What a tenant offers its Consumers by Subscription: limits, models and tools. A Tenant may be on a plan of its own namespace itself; its `quota` then limits all calls of the tenant together.",
        Name = TextRule.Name,
        Spec = Shape.Object(
            new("displayName", Shape.Text(1, 128), "What people see in place of the name.") { Example = "Pro" },
            new("description", Shape.Text(0, 4096), "For people."),
            new("quota", new BorrowedShape(QuotaPolicyKind.Schema.Spec, "as `spec` of a QuotaPolicy"), "Limits of each Consumer on the plan, where neither the Consumer nor its Tenant says another number."),
            new("quotaPolicyRef", QuotaPolicyRef.Shape, "The same, written as a QuotaPolicy. Give one of the two."),
            new("models", Shape.ListOf(Shape.Text(TextRule.ModelPattern), 1000), "Language models that it includes, as callers name them: names, or the beginning of names followed by `*`. All when left out, none when empty.")
            {
                Example = "[smart, gpt-4o*]",
            },
            new("tools", Shape.ListOf(Shape.Text(TextRule.ToolPattern), 1000), "Tools that it includes, by name or prefix. All when left out, none when empty.") { Example = "[get_current_weather, crm_*]" },
            new("allowProviderOverride", Shape.Flag(), "Whether callers may choose the provider of a model by header.") { Default = "false" },
            new("requiresApproval", Shape.Flag(), "New Subscriptions wait until an administrator approves them.") { Default = "false" },
            new("trial", Shape.Object(new Field("days", Shape.Integer(1, 3650), "How long it lasts, from the day of the Subscription.") { Required = true, Example = "30" }), "Subscriptions are trials: when the days are over, calls are refused with 402.")),
        Check = static (document, faults) =>
        {
            if (document.Find("spec.quota") is null)
            {
                return;
            }

            QuotaPolicyKind.Check(document, faults, "spec.quota", "The quota");
            if (document.Find("spec.quotaPolicyRef") is not null)
            {
                faults.Add(document.Fault("spec.quotaPolicyRef", "The plan has a `quota` already; keep one of the two."));
            }
        },
        Example = """
            apiVersion: gostoa.dev/v1alpha1
            kind: Plan
            metadata:
              name: pro
              namespace: acme
            spec:
              displayName: Pro
              quota:
                tokens:
                  perMinute: 50000
                  perDay: 2000000
                maxConcurrentRequests: 20
              models: [smart, gpt-4o*]
            """,
    };
}
