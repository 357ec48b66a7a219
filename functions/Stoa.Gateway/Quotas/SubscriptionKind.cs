using System.Globalization;
using Stoa.Gateway.Resources;
using Stoa.Gateway.Resources.Shapes;

namespace Stoa.Gateway.Quotas;

/// <summary>The kind <c>Subscription</c>.</summary>
internal static class SubscriptionKind
{
    private static readonly TextRule Moment = new(
        "a moment of RFC 3339 with its zone, such as `2027-01-31T00:00:00Z`",
        "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,7})?(Z|[+-][0-9]{2}:[0-9]{2})$",
        static text => text.Length is >= 20 and <= 33 && text[10] == 'T' && (text[^1] == 'Z' || text[^3] == ':')
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out _));

    public static KindSchema Schema { get; } = new()
    {
        Kind = "Subscription",
        Plural = "subscriptions",
        Description = "Puts a Consumer on a Plan. While a Consumer's subscription is not active, its calls are refused. A Consumer has one at a time; after a revoked or expired one a new one is made.",
        Name = TextRule.Name,
        Spec = Shape.Object(
            new("consumer", Shape.Text(TextRule.Name), "The Consumer; it cannot be changed later.") { Required = true, Example = "support-assistant" },
            new("plan", Shape.Text(TextRule.Name), "The Plan.") { Required = true, Example = "pro" },
            new("state", Shape.Choice("pending", "active", "suspended", "revoked", "expired"), "As it is when left out; a new one is `active`, or `pending` when its plan requires approval. `revoked` and `expired` are final."),
            new("reason", Shape.Text(0, 1024), "Why it is in this state; for people."),
            new("expiresAt", Shape.Text(Moment), "From then on it is expired, without anybody writing so.") { Example = "2027-01-31T00:00:00Z" },
            new("trialEndsAt", Shape.Text(Moment), "From then on calls are refused with 402. When left out: as it is, and for a new one after the days of the plan's trial.")),
        Example = """
            apiVersion: gostoa.dev/v1alpha1
            kind: Subscription
            metadata:
              name: support-assistant-pro
              namespace: acme
            spec:
              consumer: support-assistant
              plan: pro
            """,
    };
}
