using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Stoa.Azure;
using Stoa.Functions;
using Stoa.Gateway;
using Stoa.Testing;

namespace Stoa.Benchmarks;

/// <summary>How long it takes to apply many tools in one request: schemas, templates and paths compiled, one revision written and read back.</summary>
internal static class Applies
{
    public static async Task<int> RunAsync(int tools)
    {
        var folder = Directory.CreateTempSubdirectory("stoa-apply-").FullName;
        Console.WriteLine("    first   again   store");
        using (var embedded = new EmbeddedPorts(folder))
        {
            await MeasureAsync("embedded files", embedded.Ports, tools);
        }

        await using (var azurite = await Azurite.StartAsync(CancellationToken.None))
        {
            var ports = AzurePorts.Open(new(azurite.ConnectionString, null, null, null, Path.Combine(folder, "azure.key"), null), TimeProvider.System);
            await MeasureAsync("Azurite", ports, tools);
        }

        Directory.Delete(folder, recursive: true);
        return 0;
    }

    private static async Task MeasureAsync(string store, GatewayPorts ports, int tools)
    {
        await using var gateway = await TestGateway.StartAsync(ports: ports);
        var body = Encoding.UTF8.GetBytes(Yaml(tools));
        var first = await ApplyAsync(gateway.Admin, body);
        var again = await ApplyAsync(gateway.Admin, body);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{first.TotalSeconds,7:0.00} s {again.TotalSeconds,5:0.00} s   {store}, {tools} tools, {body.Length / 1024} KiB of YAML"));
    }

    private static async Task<TimeSpan> ApplyAsync(HttpClient admin, byte[] body)
    {
        var started = Stopwatch.GetTimestamp();
        using var response = await admin.PostAsync("/manage/v1/apply", new ByteArrayContent(body));
        var text = await response.Content.ReadAsStringAsync();
        return response.StatusCode is HttpStatusCode.OK ? Stopwatch.GetElapsedTime(started) : throw new InvalidOperationException(text);
    }

    private static string Yaml(int tools)
    {
        var text = new StringBuilder("apiVersion: gostoa.dev/v1alpha1\nkind: Tenant\nmetadata: { name: bulk }\n");
        for (var i = 0; i < tools; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $$$$"""
                ---
                apiVersion: gostoa.dev/v1alpha1
                kind: Tool
                metadata: { name: tool_{{{{i}}}}, namespace: bulk }
                spec:
                  displayName: Tool {{{{i}}}}
                  description: Gets thing {{{{i}}}} by id. Use it when you know the id.
                  endpoint: http://127.0.0.1:7080/things/{{{{i}}}}/{id}
                  inputSchema:
                    type: object
                    additionalProperties: false
                    required: [id]
                    properties:
                      id: { type: string, pattern: "^[a-z0-9_]+$", maxLength: 20, description: The id. }
                      limit: { type: integer, minimum: 1, maximum: 100, default: 20 }
                  requestTransform:
                    headers: [{ name: X-Request-Id, valueFrom: .context.requestId }]
                  responseMapping: { include: ["items[].name", total] }
                  responseTransform:
                    template: '{"name": {{.response.items[0].name}}, "total": {{.response.total}}}'
                  timeout: 10s

                """);
        }

        return text.ToString();
    }
}
