namespace Stoa.Wire.Tests.Manage;

/// <summary>The documents that these tests apply, as short as they can be; specs are written in flow style.</summary>
internal static class Yaml
{
    public static string Tenant(string name = "acme", string spec = "{}") => Document("Tenant", $"name: {name}", spec);

    public static string Consumer(string name = "app", string spec = "{}", string tenant = "acme") => Document("Consumer", $"name: {name}, namespace: {tenant}", spec);

    public static string Secret(string name = "crm", string data = "{ key: hunter2-hunter2 }", string tenant = "acme") =>
        Document("Secret", $"name: {name}, namespace: {tenant}", $"{{ data: {data} }}");

    /// <summary>A tool without arguments; <paramref name="more"/> goes on inside the braces of its spec.</summary>
    public static string Tool(string name = "hello", string endpoint = "https://api.example.com/hello", string more = "", string tenant = "acme") =>
        Document("Tool", $"name: {name}, namespace: {tenant}", $"{{ description: Says hello., endpoint: '{endpoint}'{(more.Length == 0 ? "" : ", " + more)} }}");

    public static string ToolWithSecret(string name = "hello", string secret = "crm", string key = "key", string endpoint = "https://api.example.com/hello") =>
        Tool(name, endpoint, $"auth: {{ type: bearer, bearer: {{ secretRef: {{ name: {secret}, key: {key} }} }} }}");

    public static string All(params string[] documents) => string.Join("---\n", documents);

    public static string Document(string kind, string metadata, string spec) =>
        $$"""
        apiVersion: gostoa.dev/v1alpha1
        kind: {{kind}}
        metadata: { {{metadata}} }
        spec: {{spec}}

        """;
}
