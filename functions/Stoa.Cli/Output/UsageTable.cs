using System.Globalization;
using System.Text.Json.Nodes;

namespace Stoa.Cli.Output;

/// <summary>Answers of the usage API as tables.</summary>
internal static class UsageTable
{
    /// <summary>A line per limit.</summary>
    public static TextTable OfLimits(JsonNode report)
    {
        var table = new TextTable("SCOPE", "NAME", "LIMIT", "USED", "HELD", "ALLOWED", "RESETS");
        foreach (var scope in report["scopes"]?.AsArray() ?? [])
        {
            foreach (var limit in scope.At("limits")?.AsArray() ?? [])
            {
                var isMoney = limit.Text("counts") is "micro_usd";
                table.Add(
                    scope.Text("scope"), scope.Text("name"), $"{(isMoney ? "USD" : limit.Text("counts"))} per {limit.Text("per")}",
                    Amount("used"), Amount("held"), Amount("limit"), Age.Moment(limit.Text("resetsAt")));

                // Policies say dollars, and so do people; the books count millionths.
                string Amount(string member) => isMoney && limit.At(member) is { } millionths
                    ? (millionths.GetValue<long>() / 1_000_000m).ToString("0.000000", CultureInfo.InvariantCulture)
                    : limit.Text(member);
            }

            if (scope.At("concurrentRequests") is { } concurrent)
            {
                table.Add(scope.Text("scope"), scope.Text("name"), "concurrent requests", "", concurrent.Text("held"), concurrent.Text("limit"), "");
            }
        }

        return table;
    }

    /// <summary>A line per sum, and the total.</summary>
    public static TextTable OfSums(JsonNode report, string by)
    {
        var table = new TextTable(by.ToUpperInvariant(), "CALLS", "ERRORS", "INPUT", "CACHED", "OUTPUT", "REASONING", "COST USD", "UNPRICED");
        foreach (var row in report["rows"]?.AsArray() ?? [])
        {
            Add(table, row.Text(by), row);
        }

        Add(table, "total", report["total"]);
        return table;
    }

    private static void Add(TextTable table, string name, JsonNode? row) => table.Add(
        name, row.Text("calls"), row.Text("errors"), row.Text("inputTokens"), row.Text("cachedTokens"), row.Text("outputTokens"), row.Text("reasoningTokens"), row.Text("costUsd"), row.Text("unpricedCalls"));
}
