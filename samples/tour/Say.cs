namespace Stoa.Samples.Tour;

/// <summary>What the tour prints.</summary>
internal static class Say
{
    private static int _step;

    public static void Title(string text) => Console.WriteLine($"\n{text}\n");

    public static void Step(string text) => Console.WriteLine($"{++_step}. {text}");

    public static void Lines(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            Console.WriteLine("     " + line.Replace("\n", "\n       ", StringComparison.Ordinal));
        }
    }

    public static void Connect(string url, string key) => Console.WriteLine(
        $$"""

        Everything stays up until Ctrl+C. Connect a client of your own with support-agent's key:

        Claude Code
          claude mcp add --transport http stoa {{url}}/mcp --header "Authorization: Bearer {{key}}"

        Claude Desktop (claude_desktop_config.json)
          { "mcpServers": { "stoa": { "command": "npx", "args": ["-y", "mcp-remote@0.15.1", "{{url}}/mcp",
            "--allow-http", "--transport", "http-only", "--header", "Authorization:${AUTH}"],
            "env": { "AUTH": "Bearer {{key}}" } } } }

        MCP Inspector
          npx -y @modelcontextprotocol/inspector@0.17.5 --cli {{url}}/mcp --transport http --method tools/list --header "Authorization: Bearer {{key}}"

        curl
          curl {{url}}/mcp/v1/tools -H "Authorization: Bearer {{key}}"

        """);
}
