using Stoa.Gateway.Resources;
using Stoa.Gateway.Resources.Shapes;
using Stoa.Gateway.Tenants;

namespace Stoa.Gateway.Models;

/// <summary>The kind <c>LlmRoute</c>.</summary>
internal static class LlmRouteKind
{
    private const int MostTargets = 20;

    public static KindSchema Schema { get; } = new()
    {
        Kind = "LlmRoute",
        Plural = "llmroutes",
        Description = "A model as callers name it, and who serves it: targets at LlmProviders, with what happens when one fails.",
        Name = TextRule.Name,
        Spec = Shape.Object(
            new("displayName", Shape.Text(1, 128), "What people see in place of the name."),
            new("description", Shape.Text(1, 4096), "For people."),
            new("models", new ListShape(Shape.Text(TextRule.ModelPattern)) { Fewest = 1, Most = 100 },
                "What callers put in `model`: names, or the beginning of names followed by `*`. A name goes before a pattern, a longer pattern before a shorter one. The route's own name when left out.")
            {
                Example = "[smart, gpt-4o*]",
            },
            new("strategy", Shape.Choice("ordered", "weighted", "lowest-cost", "lowest-latency"),
                "Which target is asked first; the others follow when it fails. `ordered` as written, `weighted` at random by `weight`, `lowest-cost` by price, `lowest-latency` by what this instance has measured of late.")
            {
                Default = "ordered",
            },
            new("targets", new ListShape(Target) { Fewest = 1, Most = MostTargets }, "Who may serve it.") { Required = true },
            new("maxOutputTokens", Shape.Integer(1, 10_000_000), "The most tokens of one answer, whatever the caller asks for."),
            new("retry", Retry, "Asks a target again when it fails for a passing reason: no connection, 429 with a short `Retry-After`, or 5xx. Only before the first byte of an answer; retries are at most a fifth of a target's calls, two a second and ten at once.") { Default = "{}" },
            new("quotaPolicyRef", QuotaPolicyRef.Shape, "The QuotaPolicy that limits its calls, together with those of whatever else names the same one."),
            new("audit", Shape.Choice("closed", "buffered"), "`closed`: a provider is asked once the record that the call is intended is durable, and the answer, of a stream its last event, is given once the record of how it ended is. `buffered`: the provider is asked meanwhile and a stream begins at once; only the end of the answer waits, for the first record.") { Default = "buffered" },
            new("enabled", Shape.Flag(), "A disabled route exists for nobody.") { Default = "true" }),
        Check = LlmRouteCheck.Run,
        Example = """
            apiVersion: gostoa.dev/v1alpha1
            kind: LlmRoute
            metadata:
              name: smart
              namespace: acme
            spec:
              targets:
                - { provider: openai, model: gpt-4o }
                - { provider: anthropic, model: claude-sonnet-4-5 }
            """,
    };

    private static ObjectShape Target => Shape.Object(
        new("provider", Shape.Text(TextRule.Name), "An LlmProvider.") { Required = true },
        new("model", Shape.Text(TextRule.ModelName), "The model as the provider calls it; as the caller does when left out."),
        new("weight", Shape.Integer(0, 1000), "`weighted`: its share. 0 is asked only when the others fail.") { Default = "1" },
        new("when", Condition, "Considered only for calls of which all of this holds."));

    private static ObjectShape Condition => Shape.Object(
        new("consumers", Shape.ListOf(Shape.Text(TextRule.Name), 1000), "The caller is one of these Consumers."),
        new("plans", Shape.ListOf(Shape.Text(TextRule.Name), 100), "The caller's plan is one of these."),
        new("tags", Shape.MapOf(TextRule.LabelKey, Shape.Text(0, 512)), "The request's `metadata` has these members with these values."),
        new("headers", Shape.MapOf(TextRule.HttpToken, Shape.Text(1, 512)), "The request carries these headers with these values."));

    private static ObjectShape Retry => Shape.Object(
        new("attempts", Shape.Integer(1, 5), "Attempts at one target, the first included.") { Default = "2" },
        new("backoff", Shape.Duration("10ms", "10s"), "The most that is waited before the second attempt; it doubles from then on. The wait itself is drawn at random.") { Default = "250ms" });
}
