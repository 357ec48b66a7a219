using Stoa.Gateway.Resources;
using Stoa.Gateway.Resources.Shapes;
using Stoa.Gateway.Tenants;
using Stoa.Gateway.Tools.Credentials;
using Stoa.Gateway.Tools.Paging;
using Stoa.Gateway.Tools.Requests;

namespace Stoa.Gateway.Tools;

/// <summary>The kind <c>Tool</c>.</summary>
internal static class ToolKind
{
    public static KindSchema Schema { get; } = new()
    {
        Kind = "Tool",
        Plural = "tools",
        Description = "An HTTP endpoint that agents call as an MCP tool. `metadata.name` is the tool's MCP name.",
        Name = TextRule.ToolName,
        Spec = Shape.Object(
            new("displayName", Shape.Text(1, 128), "The title that people see.") { Example = "Current weather" },
            new("description", Shape.Text(1, 4096), "Tells the model what the tool does and when to use it.") { Required = true },
            new("version", Shape.Text(1, 64), "The tool's own version, for people."),
            new("tags", Shape.ListOf(Shape.Text(1, 64)), "Words to group tools by.") { Default = "[]", Example = "[weather]" },
            new("apiRef", ApiRef, "Where the tool comes from, for people."),
            new("endpoint", Shape.Text(1, 2048), "Absolute http or https URL. `{name}` in its path stands for a required property of `inputSchema`.")
            {
                Required = true,
                Example = "https://api.example.com/cities/{city}/weather",
            },
            new("method", Shape.Choice("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"), "HTTP method.") { Default = "GET" },
            new("inputSchema", Shape.Schema("object"),
                "What the tool takes (JSON Schema 2020-12); arguments are checked against it.") { Default = "{type: object}" },
            new("outputSchema", Shape.Schema(), "What the tool returns after mapping and transform (JSON Schema 2020-12); an answer that does not fit is an error.") { Aliases = ["responseSchema"] },
            new("annotations", Annotations, "Hints for clients, as MCP defines them."),
            new("auth", AuthShape.Auth, "How the gateway proves itself to the endpoint. The caller's own credential is never sent. Also read: `auth: none`, and the fields of the type directly beside `type`, with `headerName` for an `apiKey` in a header; a `basic` `secretRef` without `key` stands for the keys `username` and `password`.") { Default = "{type: none}", Aliases = ["authentication"] },
            new("parameters", RequestShapes.Parameters, "How arguments travel, by argument. Others fill the path, then the query (GET, DELETE, HEAD) or the JSON body."),
            new("requestTransform", RequestShapes.Transform, "Sent as well. An argument that a template reads goes only where templates put it."),
            new("responseMapping", ResponseMapping, "Keeps and drops parts of the answer."),
            new("responseTransform", ResponseTransform, "Makes the answer from the endpoint's, after the mapping."),
            new("reduction", Shape.Choice("none", "moderate", "aggressive"), "Shortens answers to save a model's tokens; the header `X-Token-Optimization` overrides it per call.") { Default = "none" },
            new("pagination", PaginationShape.Pagination, "Reads several pages and returns them as one answer."),
            new("retry", Retry, "Tries again, within `timeout`, when an idempotent tool fails for a passing reason: no connection, no answer in time, or 408, 429, 502, 503, 504. Retries are at most a fifth of a tool's calls, two a second and ten at once."),
            new("circuitBreaker", CircuitBreaker, "Leaves a failing endpoint alone for a while.") { Default = "{}" },
            new("cache", Cache, "Gives the answer of a tool that only reads again, for a while."),
            new("rateLimit", RateLimit, "The most calls of it by all callers together. Also read: `100/min`."),
            new("quotaPolicyRef", QuotaPolicyRef.Shape, "The QuotaPolicy that limits its calls, together with those of all tools that name the same one."),
            new("requiresApproval", Shape.Flag(), "Marks a tool whose calls a person must approve.") { Default = "false" },
            new("audit", Shape.Choice("closed", "buffered"), "`closed`: a call reaches the endpoint once the record that it is intended is durable, and is answered once the record of how it ended is. `buffered`: the endpoint works meanwhile, and only the end of the answer waits. `closed` for tools that change something and `buffered` for those that only read, when left out."),
            new("timeout", Shape.Duration("100ms", "200s"), "How long one call may take, retries and pages included.") { Default = "30s" },
            new("maxResponseBytes", Shape.Size("1KiB", "10MiB"), "The largest answer that is read; a larger one is an error.") { Default = "1MiB" },
            new("enabled", Shape.Flag(), "A disabled tool exists for nobody.") { Default = "true" }),
        Check = ToolCheck.Run,
        Example = """
            apiVersion: gostoa.dev/v1alpha1
            kind: Tool
            metadata:
              name: get_current_weather
              namespace: acme
            spec:
              displayName: Current weather
              description: Returns the current temperature and humidity of a city.
              endpoint: https://api.example.com/cities/{city}/weather
              inputSchema:
                type: object
                required: [city]
                properties:
                  city: { type: string, minLength: 2, maxLength: 100 }
              annotations:
                readOnlyHint: true
              auth:
                type: apiKey
                apiKey:
                  in: query
                  name: appid
                  secretRef: { name: weather-api, key: key }
              timeout: 10s
            """,
    };

    private static ObjectShape Annotations => Shape.Object(
        new("title", Shape.Text(1, 128), "Title for people; `displayName` when left out."),
        new("readOnlyHint", Shape.Flag(), "Changes nothing.") { Aliases = ["readOnly"] },
        new("destructiveHint", Shape.Flag(), "May delete or overwrite.") { Aliases = ["destructive"] },
        new("idempotentHint", Shape.Flag(), "Calling twice does no more than calling once.") { Aliases = ["idempotent"] },
        new("openWorldHint", Shape.Flag(), "Reaches things outside a closed set, such as the web.") { Aliases = ["openWorld"] });

    private static ObjectShape ApiRef => Shape.Object(
        new("name", Shape.Text(1, 128), "The API.") { Required = true },
        new("operationId", Shape.Text(1, 256), "The operation in its description."),
        new("version", Shape.Text(1, 64), "The API's version."));

    private static ObjectShape ResponseMapping => Shape.Object(
        new("include", Paths, "Keeps these parts and no others."),
        new("exclude", Paths, "Drops these parts."));

    private static ListShape Paths => Shape.ListOf(Shape.Text(1, 512), Answers.ResponseMapping.MaxPaths);

    private static ObjectShape ResponseTransform => Shape.Object(
        new Field("template", Shape.Text(1, 65536), "A JSON template over `.response`, `.input` and `.context`.") { Required = true });

    private static ObjectShape Retry => Shape.Object(
        new("attempts", Shape.Integer(1, 5), "Attempts in all, the first included.") { Default = "3", Aliases = ["maxAttempts"] },
        new("backoff", Shape.Duration("10ms", "10s"), "The most that is waited before the second attempt, on top of what `Retry-After` asks; it doubles from then on. The wait itself is drawn at random.") { Default = "200ms" },
        new("attemptTimeout", Shape.Duration("100ms", "200s"), "How long one attempt may take; all the time that is left when left out."));

    private static ObjectShape CircuitBreaker => Shape.Object(
        new("enabled", Shape.Flag(), "Whether it is used.") { Default = "true" },
        new("failures", Shape.Integer(1, 1000), "Failures within `window` that open it, unless as many calls succeed meanwhile. No answer and 5xx are failures; 4xx are not.") { Default = "5" },
        new("window", Shape.Duration("1s", "10m"), "How far back failures count.") { Default = "60s" },
        new("openFor", Shape.Duration("1s", "10m"), "How long calls are refused before one is let through to try.") { Default = "30s" });

    private static ObjectShape Cache => Shape.Object(
        new("ttl", Shape.Duration("1s", "24h"), "How long an answer is given again.") { Default = "60s" },
        new("cacheScope", Shape.Choice("private", "public"), "`private` keeps it to the caller that asked, `public` shares it within the tenant.") { Default = "private", Aliases = ["scope"] });

    private static SpellingShape RateLimit => new(
        Shape.Object(
            new("requestsPerMinute", Shape.Integer(1, 10000), "Calls in any minute.") { Required = true },
            new("burst", Shape.Integer(1, 1000), "Calls in any second; no limit of its own when left out.")),
        RateText.Respell,
        RateText.Describe);
}
