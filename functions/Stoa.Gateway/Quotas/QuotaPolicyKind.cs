using Stoa.Gateway.Resources;
using Stoa.Gateway.Resources.Reading;
using Stoa.Gateway.Resources.Shapes;
using Stoa.Gateway.Secrets;

namespace Stoa.Gateway.Quotas;

/// <summary>The kind <c>QuotaPolicy</c>.</summary>
internal static class QuotaPolicyKind
{
    private const long Most = 1_000_000_000_000;
    private const long HeaviestCall = 1000;
    private const double LeastUsd = 0.000_001;
    private const double MostUsd = 100_000_000;

    private static readonly TextRule WebhookUrl = new(
        "an absolute http or https URL without credentials",
        "^https?://",
        static text => text.Length <= 2048 && Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0);

    public static KindSchema Schema { get; } = new()
    {
        Kind = "QuotaPolicy",
        Plural = "quotapolicies",
        Description = "How many calls, how much text and how much money a Tenant, a Consumer, or the Tools and LlmRoutes that name it may use. No number of gateway instances admits more. A Tenant and each Consumer that name a policy have it to themselves; Tools and LlmRoutes that name the same one share it. A policy named `default` is for every Consumer of the tenant, as far as nothing else says a number.",
        Name = TextRule.Name,
        Spec = Shape.Object([.. Fields()]),
        Check = static (document, faults) => Check(document, faults, "spec", "The policy"),
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
                perMinute: 50000
                perDay: 2000000
                maxPerRequest: 16000
              budget:
                usdPerMonth: 250
              maxConcurrentRequests: 20
              maxConcurrentStreams: 5
            """,
    };

    /// <summary>What is asked of a policy wherever it is written.</summary>
    public static void Check(DocumentTree document, FaultList faults, string path, string subject)
    {
        if (faults.Count == 0 && IsEmpty("requests") && IsEmpty("tokens") && IsEmpty("budget")
            && document.Find($"{path}.maxConcurrentRequests") is null && document.Find($"{path}.maxConcurrentStreams") is null && document.Find($"{path}.maxRequestDuration") is null)
        {
            faults.Add(document.Fault(path, $"{subject} limits nothing; give at least one limit, such as `requests: {{perMinute: 60}}`."));
        }

        var isOpen = document.Text($"{path}.whenStorageIsDown.action") is "open-with-local-cap";
        if (document.Find($"{path}.whenStorageIsDown") is not null && isOpen == document.Find($"{path}.whenStorageIsDown.requestsPerMinute") is null)
        {
            faults.Add(document.Fault($"{path}.whenStorageIsDown", isOpen
                ? "`open-with-local-cap` needs `requestsPerMinute`: how many calls each instance may let through."
                : "`requestsPerMinute` has no meaning when calls are refused; remove it, or make the action `open-with-local-cap`."));
        }

        bool IsEmpty(string field) => document.Find($"{path}.{field}") is not MapNode { Entries: [_, ..] };
    }

    private static IntegerShape Count => Shape.Integer(1, Most);

    private static NumberShape Usd => Shape.Number(LeastUsd, MostUsd);

    private static IEnumerable<Field> Fields() =>
    [
        new("requests", Shape.Object(
            new("perSecond", Count, "In any second."),
            new("perMinute", Count, "In any minute."),
            new("perHour", Count, "In any hour."),
            new("perDay", Count, "In a day, UTC."),
            new("perMonth", Count, "In a calendar month, UTC.")), "Calls of tools and models."),
        new("tokens", Shape.Object(
            new("perMinute", Count, "In any minute."),
            new("perHour", Count, "In any hour."),
            new("perDay", Count, "In a day, UTC."),
            new("perMonth", Count, "In a calendar month, UTC."),
            new("maxPerRequest", Count, "Of one call, input and output together. A longer input is refused; the output is asked to stay within what is left.")),
            "Tokens. Of a model: as its provider reports them; input and the most that the output may have are reserved before the call. Of a tool: a quarter of the bytes of arguments and answer, of which the arguments are counted before the call and the answer after it: what exceeds the limit then is a debt that later windows pay."),
        new("budget", Shape.Object(
            new("usdPerDay", Usd, "In a day, UTC."),
            new("usdPerMonth", Usd, "In a calendar month, UTC.") { Example = "250" }),
            "US dollars that calls of models may cost. A model without a known price is refused then."),
        new("maxConcurrentRequests", Shape.Integer(1, 100_000), "Calls under way at once, streams included."),
        new("maxConcurrentStreams", Shape.Integer(1, 100_000), "Streamed answers under way at once."),
        new("maxRequestDuration", Shape.Duration("1s", "10m"), "How long one call may take; a tool's own timeout holds as well."),
        new("weights", Shape.Object(
            new("stream", Shape.Integer(1, HeaviestCall), "Requests that a streamed answer counts as; 1 when left out.") { Example = "10" },
            new("tools", Shape.MapOf(TextRule.ToolPattern, Shape.Integer(1, HeaviestCall), 1000), "Requests that a call of the tool counts as, by name or by the beginning of names followed by `*`.") { Example = "{export_all: 20}" },
            new("models", Shape.MapOf(TextRule.ModelPattern, Shape.Integer(1, HeaviestCall), 1000), "Likewise of models, as callers name them. For a stream the two are multiplied.") { Example = "{gpt-4o*: 3}" }),
            "What counts as more than one request."),
        new("warnAt", Shape.Integer(1, 100), "Percent of a limit; when so much is used a warning is logged, counted and sent to `warnWebhook`, once per window. 80 when left out."),
        new("warnWebhook", Shape.Object(
            new("url", Shape.Text(WebhookUrl), "Gets warnings as POST.") { Required = true, Example = "https://ops.example.com/quota" },
            new("secretRef", SecretRef.Shape, "Signs them; not signed when left out.")),
            "Who is told of warnings besides the log."),
        new("borrow", Shape.Object(
            new("percent", Shape.Integer(1, 100), "So much more than the limit.") { Required = true, Example = "20" },
            new("payback", Shape.Duration("1s", "31d"), "The time over which it is paid back, in equal parts: at least the next window, at most the next eight.") { Default = "1h" }),
            "A window may be exceeded by a percentage of its limit; later windows have so much less."),
        new("whenStorageIsDown", new SpellingShape(
            Shape.Object(
                new("action", Shape.Choice("closed", "open-with-local-cap"), "`closed` refuses calls; `open-with-local-cap` lets some through uncounted.") { Required = true },
                new("requestsPerMinute", Shape.Integer(1, 1_000_000), "Calls that each instance lets through, for `open-with-local-cap`.")),
            Respell,
            static json =>
            {
                json.WriteString("type", "string");
                json.WriteString("const", "closed");
            }), "What happens to calls that the books must admit while they cannot be read. Refused when left out. All policies that concern a call must agree to let it through."),
    ];

    /// <summary>One word, as another way to write <c>{action: closed}</c>.</summary>
    private static Node? Respell(Node node, Place place) => node is ScalarNode { Kind: ScalarKind.Text } word ? new MapNode(word.At, [new("action", word.At, word)]) : node;
}
