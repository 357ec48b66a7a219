using Stoa.Gateway.Resources;
using Stoa.Gateway.Resources.Reading;
using Stoa.Gateway.Resources.Shapes;

namespace Stoa.Gateway.Quotas;

/// <summary>The kind <c>QuotaPolicy</c>.</summary>
internal static class QuotaPolicyKind
{
    private const long Most = 1_000_000_000_000;

    public static KindSchema Schema { get; } = new()
    {
        Kind = "QuotaPolicy",
        Plural = "quotapolicies",
        Description = "How many calls of tools, and how much text, a Tenant, a Consumer or the Tools that name it may use. No number of gateway instances admits more. A Tenant and each Consumer that name a policy have it to themselves; Tools that name the same one share it.",
        Name = TextRule.Name,
        Spec = Shape.Object(
            new("requests", Shape.Object(
                new("perSecond", Count, "In any second."),
                new("perMinute", Count, "In any minute."),
                new("perHour", Count, "In any hour."),
                new("perDay", Count, "In a day, UTC."),
                new("perMonth", Count, "In a calendar month, UTC.")), "Calls of tools."),
            new("tokens", Shape.Object(
                new("perMinute", Count, "In any minute."),
                new("perHour", Count, "In any hour."),
                new("perDay", Count, "In a day, UTC."),
                new("perMonth", Count, "In a calendar month, UTC.")),
                "Tokens of arguments and answers, estimated as a quarter of their bytes. Arguments are counted before the call, the answer after it: what calls under way return beyond the limit is a debt that later windows pay."),
            new("maxConcurrentRequests", Shape.Integer(1, 100_000), "Calls under way at once.")),
        Check = Check,
        Example = """
            apiVersion: gostoa.dev/v1alpha1
            kind: QuotaPolicy
            metadata:
              name: standard
              namespace: acme
            spec:
              requests:
                perSecond: 10
                perMinute: 300
                perDay: 20000
              tokens:
                perDay: 2000000
              maxConcurrentRequests: 20
            """,
    };

    private static IntegerShape Count => Shape.Integer(1, Most);

    private static void Check(DocumentTree document, FaultList faults)
    {
        if (faults.Count == 0 && document.Find("spec.maxConcurrentRequests") is null && IsEmpty("spec.requests") && IsEmpty("spec.tokens"))
        {
            faults.Add(document.Fault("spec", "The policy limits nothing; give at least one limit, such as `requests: {perMinute: 60}`."));
        }

        bool IsEmpty(string path) => document.Find(path) is not MapNode { Entries: [_, ..] };
    }
}
