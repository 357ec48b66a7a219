using Stoa.Testing;

namespace Stoa.Wire.Tests.Mcp;

/// <summary>Resources as YAML, and upstream behaviours.</summary>
internal static class Given
{
    /// <summary>A city is required; unknown arguments are refused.</summary>
    public const string CityInput = "inputSchema: { type: object, required: [city], additionalProperties: false, properties: { city: { type: string, minLength: 2 } } }";

    public static string Tenant(string name, string spec = "") => Document("Tenant", $"name: {name}", spec);

    public static string Consumer(string name, string spec = "", string tenant = "acme") => Document("Consumer", $"name: {name}, namespace: {tenant}", spec);

    public static string Secret(string name, string key, string value) => Document("Secret", $"name: {name}, namespace: acme", $"data: {{ {key}: '{value}' }}");

    /// <summary>A tool; <paramref name="spec"/> is YAML, one or more lines of the spec.</summary>
    public static string Tool(string name, string endpoint, string spec = "", string tenant = "acme") =>
        Document("Tool", $"name: {name}, namespace: {tenant}", $"description: Does {name}.\nendpoint: '{endpoint}'\n{spec}");

    public static Task Ok(ScriptedExchange exchange) => exchange.AnswerJsonAsync("""{"ok":true}""");

    private static string Document(string kind, string metadata, string spec) => $"""
        apiVersion: gostoa.dev/v1alpha1
        kind: {kind}
        metadata: {"{"} {metadata} {"}"}
        spec:{(spec.Trim().Length == 0 ? " {}" : string.Concat(spec.Trim().Split('\n').Select(line => "\n  " + line)))}

        """;
}
