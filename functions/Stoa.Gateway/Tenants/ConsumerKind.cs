using Stoa.Gateway.Kernel;
using Stoa.Gateway.Resources;
using Stoa.Gateway.Resources.Shapes;

namespace Stoa.Gateway.Tenants;

/// <summary>The kind <c>Consumer</c>.</summary>
internal static class ConsumerKind
{
    public static KindSchema Schema { get; } = new()
    {
        Kind = "Consumer",
        Plural = "consumers",
        Description = "Who calls: an agent or an application, with what it may do. Its API keys are issued by the management API.",
        Name = TextRule.Name,
        Spec = Shape.Object(
            new("displayName", Shape.Text(1, 128), "What people see in place of the name.") { Example = "Support assistant" },
            new("description", Shape.Text(0, 4096), "For people."),
            new("type", Shape.Choice("agent", "app"), "What it is; for people.") { Default = "agent" },
            new("scopes", Shape.ListOf(Shape.Choice(ScopeNames.Read, ScopeNames.Write, ScopeNames.Admin)),
                "What it may do; each scope contains the ones before it.")
            {
                Default = "[stoa:read]",
            },
            new("role", Shape.Choice("none", "viewer", "tenant-admin"),
                "What it may see of the management API; changing anything also needs `stoa:admin`.")
            {
                Default = "none",
            },
            new("tools", Shape.ListOf(Shape.Text(TextRule.ToolPattern), 1000),
                "Tools that exist for it, by name or prefix. All when left out, none when empty.")
            {
                Example = "[get_current_weather, crm_*]",
            },
            new("models", Shape.ListOf(Shape.Text(TextRule.ModelPattern), 1000),
                "Language models that it may use, as callers name them: names, or the beginning of names followed by `*`. All when left out, none when empty.")
            {
                Example = "[smart, gpt-4o*]",
            },
            new("quotaPolicyRef", QuotaPolicyRef.Shape, "The QuotaPolicy that limits all calls of the consumer together."),
            new("suspended", Shape.Flag(), "Refuses every call of the consumer while true.") { Default = "false" }),
        Example = """
            apiVersion: gostoa.dev/v1alpha1
            kind: Consumer
            metadata:
              name: support-assistant
              namespace: acme
            spec:
              displayName: Support assistant
              scopes: [stoa:read]
              tools: [get_current_weather, crm_*]
            """,
    };
}
