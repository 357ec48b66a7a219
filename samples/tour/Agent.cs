using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Stoa.Samples.Tour;

/// <summary>The agent's side: the official C# MCP client, configured with a URL and a key and nothing else.</summary>
internal sealed class Agent(McpClient client) : IAsyncDisposable
{
    public string ProtocolVersion => client.NegotiatedProtocolVersion ?? "?";

    public static async Task<Agent> ConnectAsync(string url, string key) => new(await McpClient.CreateAsync(new HttpClientTransport(new()
    {
        Endpoint = new Uri(new Uri(url), "/mcp"),
        TransportMode = HttpTransportMode.StreamableHttp,
        AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = $"Bearer {key}" },
    })));

    public async Task<IEnumerable<string>> ListAsync() => (await client.ListToolsAsync())
        .Select(t => $"{t.Name,-22} {(t.ProtocolTool.Annotations?.ReadOnlyHint is true ? "reads " : "writes")} {t.Title}");

    /// <summary>What the agent sees, shortened for the screen.</summary>
    public async Task<IEnumerable<string>> CallAsync(string tool, string arguments)
    {
        try
        {
            var values = JsonSerializer.Deserialize<Dictionary<string, object?>>(arguments)!;
            var result = await client.CallToolAsync(tool, values);
            var text = string.Join("\n", result.Content.OfType<TextContentBlock>().Select(c => c.Text));
            return [(result.IsError is true ? "tool error: " : "result: ") + Short(text)];
        }
        catch (McpException e)
        {
            return ["refused: " + Short(e.Message)];
        }
        catch (HttpRequestException e)
        {
            return ["refused: " + Short(e.Message)];
        }
    }

    public ValueTask DisposeAsync() => client.DisposeAsync();

    private static string Short(string text) => text.Length <= 300 ? text : text[..300] + " ...";
}
