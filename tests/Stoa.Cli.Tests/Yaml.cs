namespace Stoa.Cli.Tests;

/// <summary>Documents that the tests apply.</summary>
internal static class Yaml
{
    public const string Tenant =
        """
        apiVersion: gostoa.dev/v1alpha1
        kind: Tenant
        metadata: { name: acme }

        """;

    public const string Consumer =
        """
        apiVersion: gostoa.dev/v1alpha1
        kind: Consumer
        metadata: { name: agent, namespace: acme }
        spec: { scopes: [stoa:write] }

        """;

    public const string Secret =
        """
        apiVersion: gostoa.dev/v1alpha1
        kind: Secret
        metadata: { name: weather, namespace: acme }
        spec:
          data: { key: hunter2-hunter2 }

        """;

    public static string Tool(string name = "get_weather", string endpoint = "https://api.example.com/weather", string timeout = "10s", string? tenant = "acme") =>
        $$"""
        apiVersion: gostoa.dev/v1alpha1
        kind: Tool
        metadata: { name: {{name}}{{(tenant is null ? "" : $", namespace: {tenant}")}} }
        spec:
          description: Tells the weather of a city.
          endpoint: {{endpoint}}
          timeout: {{timeout}}
          inputSchema:
            type: object
            required: [city]
            properties:
              city: { type: string, minLength: 2 }
              days: { type: integer }
              units: { type: array, items: { type: string } }
          annotations: { readOnlyHint: true }
          auth: { type: apiKey, apiKey: { in: query, name: appid, secretRef: { name: weather, key: key } } }

        """;

    public static string All(params string[] documents) => string.Join("---\n", documents);

    public static string World(string endpoint = "https://api.example.com/weather") => All(Tenant, Consumer, Secret, Tool(endpoint: endpoint));
}
