using System.Text.Json.Nodes;
using Stoa.Cli.Gateway;
using Stoa.Cli.Output;

namespace Stoa.Cli.Commands;

/// <summary><c>stoa tools</c>: what a consumer sees.</summary>
internal sealed class ToolsCommand(Surroundings surroundings) : CliCommand(surroundings, "tools", "Lists the tools that a consumer sees.")
{
    private const int Shown = 80;

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("What the stored consumer's key sees", "stoa tools"),
        new("What another key sees", "STOA_KEY=$OTHER stoa tools"),
        new("The input schema of one of them", "stoa tools -o json | jq '.tools[] | select(.name == \"get_weather\").inputSchema'"),
    ];

    public override string Details => "Needs a consumer's key, as `stoa call` does. `stoa get tools` lists a tenant's tools for its administrator.";

    protected override async Task<int> RunAsync(Invocation call, CancellationToken ct)
    {
        using var gateway = call.Consumer();
        var tools = new JsonArray();
        await foreach (var tool in gateway.ListAsync(GatewayPath.Of("mcp/v1/tools"), "tools", "nextCursor", "cursor", ct))
        {
            tools.Add(tool.DeepClone());
        }

        if (call.Format.TryPrint(call.Out, new JsonObject { ["tools"] = tools }))
        {
            return ExitCode.Ok;
        }

        if (tools.Count == 0)
        {
            call.Err.Line("This key sees no tools. Its consumer's `tools`, its scopes and the tools' `enabled` decide.");
            return ExitCode.Ok;
        }

        var table = new TextTable("NAME", "READ-ONLY", "DESCRIPTION");
        foreach (var tool in tools)
        {
            table.Add(tool.Text("name"), tool.Text("annotations.readOnlyHint") == "true" ? "yes" : "no", Shorten(tool.Text("description")));
        }

        call.Out.Table(table);
        return ExitCode.Ok;
    }

    // The first line, at a length that fits beside the names; never half of a surrogate pair.
    private static string Shorten(string text)
    {
        var line = text.Split('\n')[0];
        var end = Math.Min(line.Length, Shown);
        return end == line.Length ? line : $"{line[..(char.IsHighSurrogate(line[end - 1]) ? end - 1 : end)]}...";
    }
}
