using Stoa.Gateway.Resources;
using Stoa.Gateway.Resources.Shapes;
using Stoa.Gateway.Secrets;

namespace Stoa.Gateway.Models;

/// <summary>The kind <c>LlmProvider</c>.</summary>
internal static class LlmProviderKind
{
    /// <summary>US dollars per million tokens; what is dearer is a slip of the pen.</summary>
    private const double Dearest = 10_000;

    public static KindSchema Schema { get; } = new()
    {
        Kind = "LlmProvider",
        Plural = "llmproviders",
        Description = "Where language models are: an account at a provider, or a server of one's own. LlmRoutes say which calls go there.",
        Name = TextRule.Name,
        Spec = Shape.Object(
            new("displayName", Shape.Text(1, 128), "What people see in place of the name."),
            new("type", Shape.Choice("openai", "azure-openai", "anthropic", "mistral", "gemini", "openai-compatible"),
                "Whose API it speaks. `openai-compatible` is any server of chat completions, such as vLLM or Ollama.") { Required = true },
            new("baseUrl", Shape.Text(1, 2048), "Where the API is: all that comes before `/chat/completions`, `/v1/messages`, `/models/...` or, for Azure, `/openai`. The type's public address when left out; `azure-openai` and `openai-compatible` have none.")
            {
                Aliases = ["baseURL"],
                Example = "https://contoso.openai.azure.com",
            },
            new("auth", Auth, "How the gateway proves itself; the caller's own credential is never sent. Nothing is sent when left out."),
            new("apiVersion", Shape.Text(VersionRule), "Azure: `api-version` of the URLs by deployment, `2024-10-21` when left out. Anthropic: `anthropic-version` when the caller sends none, `2023-06-01` when left out."),
            new("deployments", Shape.MapOf(TextRule.ModelName, Shape.Text(TextRule.Name), 200), "Azure: deployments by model. A model that is not in it is its own deployment."),
            new("headers", Shape.MapOf(TextRule.HttpToken, Shape.Text(1, 1024), 20), "Sent with every request, for example `OpenAI-Project`. Credentials belong in a Secret."),
            new("responses", Shape.Flag(), "`openai-compatible`: whether the server knows `/responses`. Those calls are translated to chat completions otherwise."),
            new("prices", Shape.ListOf(Price, 200), "Prices of your own, before those that the gateway knows. The longest fitting `model` counts."),
            new("unknownPrice", Shape.Choice("report", "refuse"), "Calls of a model whose price nobody knows: `report` serves them with unknown cost, though not to callers who have a budget; `refuse` refuses them.") { Default = "report" },
            new("onDisconnect", Shape.Choice("stop", "drain"), "When the caller leaves in the middle of a stream: `stop` ends it upstream, `drain` reads it to its end for the provider's own count.") { Default = "stop" },
            new("timeouts", Timeouts, "How long it may take.") { Default = "{}" },
            new("circuitBreaker", CircuitBreaker, "Leaves a failing model of it alone for a while; other targets of the route serve meanwhile.") { Default = "{}" },
            new("enabled", Shape.Flag(), "A disabled provider serves nothing.") { Default = "true" }),
        Check = LlmProviderCheck.Run,
        Example = """
            apiVersion: gostoa.dev/v1alpha1
            kind: LlmProvider
            metadata:
              name: openai
              namespace: acme
            spec:
              type: openai
              auth:
                secretRef: { name: openai, key: api-key }
            """,
    };

    private static TextRule VersionRule => new(
        "1 to 64 letters, digits, `.` or `-`",
        "^[A-Za-z0-9.-]{1,64}$",
        static text => text.Length is >= 1 and <= 64 && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-'));

    private static ObjectShape Auth => Shape.Object(
        new("secretRef", SecretRef.Shape, "The API key, sent as the type asks: a bearer token, `api-key`, `x-api-key` or `x-goog-api-key`."),
        new("managedIdentity", Shape.Flag(), "Azure: the gateway's own identity instead of a key. It needs the role Cognitive Services OpenAI User there. Only an administrator of the platform may set it.") { Default = "false" });

    private static ObjectShape Price => Shape.Object(
        new("model", Shape.Text(TextRule.ModelPattern), "The provider's model, or the beginning of its name followed by `*`.") { Required = true },
        new("input", Dollars, "US dollars per million tokens that go in.") { Required = true },
        new("output", Dollars, "The same of tokens that come out.") { Default = "0" },
        new("cacheRead", Dollars, "Of tokens read from the provider's cache; `input` when left out."),
        new("cacheWrite", Dollars, "Of tokens written to it; `input` when left out."),
        new("cacheWriteHour", Dollars, "Of tokens written to it for an hour; `cacheWrite` when left out."),
        new("audioInput", Dollars, "Of audio that goes in; `input` when left out."),
        new("audioOutput", Dollars, "Of audio that comes out; `output` when left out."));

    private static NumberShape Dollars => Shape.Number(0, Dearest);

    private static ObjectShape Timeouts => Shape.Object(
        new("firstByte", Shape.Duration("1s", "15m"), "From sending a request to the first byte of its answer, or the first event of a stream.") { Default = "120s" },
        new("idle", Shape.Duration("1s", "10m"), "Between two events of a stream.") { Default = "60s" },
        new("total", Shape.Duration("1s", "30m"), "For a whole call of a target, retries included.") { Default = "10m" });

    private static ObjectShape CircuitBreaker => Shape.Object(
        new("enabled", Shape.Flag(), "Whether it is used.") { Default = "true" },
        new("failures", Shape.Integer(1, 1000), "Failures within `window` that open it, unless as many calls succeed meanwhile. No answer and 5xx are failures; 4xx are not.") { Default = "5" },
        new("window", Shape.Duration("1s", "10m"), "How far back failures count.") { Default = "60s" },
        new("openFor", Shape.Duration("1s", "10m"), "How long the model is left alone before one call is let through to try.") { Default = "30s" });
}
