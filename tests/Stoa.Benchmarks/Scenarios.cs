using System.Globalization;
using System.Text;

namespace Stoa.Benchmarks;

/// <summary>The requests whose cost is kept in a budget.</summary>
internal static class Scenarios
{
    public const int Tools = 100;

    public static string Resources(int upstreamPort)
    {
        var yaml = new StringBuilder(
            """
            apiVersion: gostoa.dev/v1alpha1
            kind: Tenant
            metadata: { name: acme }
            ---
            apiVersion: gostoa.dev/v1alpha1
            kind: Consumer
            metadata: { name: agent, namespace: acme }

            """);
        for (var i = 0; i < Tools; i++)
        {
            yaml.Append(CultureInfo.InvariantCulture, $$"""
                ---
                apiVersion: gostoa.dev/v1alpha1
                kind: Tool
                metadata: { name: get_customer_{{i}}, namespace: acme }
                spec:
                  description: Reads one customer by id, with orders and notes.
                  endpoint: http://127.0.0.1:{{upstreamPort}}/customers/{id}
                  inputSchema:
                    type: object
                    required: [id]
                    additionalProperties: false
                    properties:
                      id: { type: string, pattern: '^cus_[0-9]+$', maxLength: 20 }

                """);
        }

        return yaml.ToString();
    }

    public static IEnumerable<(string Name, byte[] Request)> All(string key)
    {
        const string Meta = "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{}}";
        yield return ("tools/call 2026-07-28", Modern(key, "tools/call", "get_customer_7", $$"""{"name":"get_customer_7","arguments":{"id":"cus_1001"},{{Meta}}}"""));
        yield return ("tools/call 2025-06-18", Legacy(key, "tools/call", """{"name":"get_customer_7","arguments":{"id":"cus_1001"}}"""));
        yield return ("tools/call, arguments refused", Modern(key, "tools/call", "get_customer_7", $$"""{"name":"get_customer_7","arguments":{"id":1},{{Meta}}}"""));
        yield return ("tools/list of 100", Modern(key, "tools/list", null, $$"""{{{Meta}}}"""));
        yield return ("server/discover", Modern(key, "server/discover", null, $$"""{{{Meta}}}"""));
        yield return ("ping 2025-06-18", Legacy(key, "ping", "{}"));
    }

    private static byte[] Modern(string key, string method, string? name, string parameters) =>
        Post(key, $"MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: {method}\r\n{(name is null ? "" : $"Mcp-Name: {name}\r\n")}", method, parameters);

    private static byte[] Legacy(string key, string method, string parameters) => Post(key, "MCP-Protocol-Version: 2025-06-18\r\n", method, parameters);

    private static byte[] Post(string key, string headers, string method, string parameters)
    {
        var body = $$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}","params":{{parameters}}}""";
        return Encoding.ASCII.GetBytes(
            $"POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\n{headers}Content-Length: {body.Length}\r\n\r\n{body}");
    }
}
