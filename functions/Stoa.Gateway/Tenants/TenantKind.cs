using Stoa.Gateway.Resources;
using Stoa.Gateway.Resources.Shapes;

namespace Stoa.Gateway.Tenants;

/// <summary>The kind <c>Tenant</c>.</summary>
internal static class TenantKind
{
    private static readonly TextRule Origin = new(
        "a browser origin: `http://` or `https://`, a host in lower case, a port unless it is the usual one, and nothing after it",
        "^https?://[^/?#@\\s]+$",
        static text => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.GetLeftPart(UriPartial.Authority) == text
            && uri.UserInfo.Length == 0);

    public static KindSchema Schema { get; } = new()
    {
        Kind = "Tenant",
        Plural = "tenants",
        Description = "A customer, team or environment with its own consumers, secrets and tools. Nothing crosses from one tenant to another.",
        Name = TextRule.TenantName,
        IsTenant = true,
        Spec = Shape.Object(
            new("displayName", Shape.Text(1, 128), "What people see in place of the name.") { Example = "Acme Corporation" },
            new("description", Shape.Text(0, 4096), "For people."),
            new("quotaPolicyRef", QuotaPolicyRef.Shape, "The QuotaPolicy that limits all calls of the tenant together. Only an administrator of the platform may change it then."),
            new("consumerQuotaPolicyRef", QuotaPolicyRef.Shape, "The QuotaPolicy of each of the tenant's Consumers, before what their plans say. Only an administrator of the platform may change it then."),
            new("plan", Shape.Text(TextRule.Name), "The Plan, of this namespace, that the tenant itself is on: its quota limits all calls of the tenant together, where `quotaPolicyRef` says no number. Only an administrator of the platform may change it then."),
            new("requireSubscription", Shape.Flag(), "Whether the calls of Consumers without a Subscription are refused; they are not when left out."),
            new("audit", Shape.Object(
                    new Field("capture", Shape.ListOf(Shape.Choice("arguments", "results"), 2), "Contents of calls that go into the audit ledger beside their hashes, each up to 8 KiB: `arguments` as the caller sent them, `results` as it got them. Sealed under a key of the caller's own, which erasure destroys.") { Default = "[]" }),
                "What the audit ledger keeps of the tenant's calls beside names, decisions and hashes. Nothing when left out.")
            {
                Example = "{ capture: [arguments] }",
            },
            new("suspended", Shape.Flag(), "Refuses every call of the tenant while true; nothing is lost.") { Default = "false" },
            new("allowedOrigins", Shape.ListOf(Shape.Text(Origin)), "Web pages that may call MCP from a browser. None when left out.")
            {
                Default = "[]",
                Example = "[https://console.acme.example]",
            }),
        Example = """
            apiVersion: gostoa.dev/v1alpha1
            kind: Tenant
            metadata:
              name: acme
            spec:
              displayName: Acme Corporation
              allowedOrigins:
                - https://console.acme.example
            """,
    };
}
