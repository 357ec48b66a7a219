using System.Text.Json.Nodes;
using Stoa.Cli.Commands;
using Stoa.Cli.Output;

namespace Stoa.Cli.Documents;

/// <summary>What applying a ToolSet did to its tools, below the line of the set itself.</summary>
internal static class ToolSetLines
{
    /// <summary>A line per tool on standard output; what was left out and what deserves a look on standard error.</summary>
    public static void Print(Invocation call, JsonObject result, string suffix)
    {
        if (result["toolSet"] is not JsonObject set)
        {
            return;
        }

        foreach (var tool in set["tools"] as JsonArray ?? [])
        {
            var status = tool.Text("status");
            call.Out.Line(($"tool/{tool.Text("name")} ", Tint.None), (status, Tints.Of(status)), (suffix, Tint.None));
        }

        foreach (var skipped in set["skipped"] as JsonArray ?? [])
        {
            call.Err.Line(("note:", Tint.Warn), ($" {ApplyRequest.LabelOf(result)} leaves out {skipped.Text("operation")}: {skipped.Text("reason")}", Tint.None));
        }

        foreach (var finding in set["findings"] as JsonArray ?? [])
        {
            call.Err.Line(("note:", Tint.Warn), ($" {ApplyRequest.LabelOf(result)}: {finding.InWords()}", Tint.None));
        }
    }

    /// <summary>The tools that would change, with how.</summary>
    public static IEnumerable<(string Name, string Status)> ChangesIn(JsonObject result) =>
        (result.At("toolSet.tools") as JsonArray ?? []).Select(tool => (tool.Text("name"), tool.Text("status"))).Where(tool => tool.Item2 != "unchanged");
}
