using Stoa.Gateway.Resources;
using Stoa.Gateway.Resources.Shapes;

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
            new("tags", Shape.ListOf(Shape.Text(1, 64)), "Words to group tools by.") { Default = "[]", Example = "[weather]" },
            new("endpoint", Shape.Text(1, 2048), "Absolute http or https URL. `{name}` in its path stands for a required property of `inputSchema`.")
            {
                Required = true,
                Example = "https://api.example.com/cities/{city}/weather",
            },
            new("method", Shape.Choice("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"), "HTTP method.") { Default = "GET" },
            new("inputSchema", Shape.Schema("object"),
                "What the tool takes (JSON Schema 2020-12); arguments are checked against it.") { Default = "{type: object}" },
            new("outputSchema", Shape.Schema(), "What the tool returns (JSON Schema 2020-12).") { Aliases = ["responseSchema"] },
            new("annotations", Annotations, "Hints for clients, as MCP defines them."),
            new("auth", Auth, "How the gateway proves itself to the endpoint. The caller's own credential is never sent.") { Default = "{type: none}" },
            new("timeout", Shape.Duration("100ms", "200s"), "How long one call may take.") { Default = "30s" },
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

    private static ObjectShape Auth => Shape.Object(
        new("type", Shape.Choice("none", "apiKey", "bearer", "basic"), "The field of the same name must be given, and no other.") { Default = "none" },
        new("apiKey",
            Shape.Object(
                new("in", Shape.Choice("header", "query", "cookie"), "Where the key goes.") { Required = true, Aliases = ["location"] },
                new("name", Shape.Text(TextRule.HttpToken), "Name of the header, query parameter or cookie.") { Required = true },
                new("secretRef", SecretRef, "The key.") { Required = true }),
            "A key in a header, query parameter or cookie."),
        new("bearer", Shape.Object(new Field("secretRef", SecretRef, "The token.") { Required = true }), "`Authorization: Bearer`."),
        new("basic",
            Shape.Object(
                new("username", Shape.Text(1, 256), "The user's name; or use `usernameRef`."),
                new("usernameRef", SecretRef, "The user's name from a secret."),
                new("passwordRef", SecretRef, "The password.") { Required = true, Aliases = ["secretRef"] }),
            "`Authorization: Basic`."));

    private static ObjectShape SecretRef => Shape.Object(
        new("name", Shape.Text(TextRule.Name), "The Secret.") { Required = true },
        new("key", Shape.Text(TextRule.Name), "The key in it.") { Required = true });
}
