using System.Text;
using Stoa.Testing;

namespace Stoa.Conformance.Tests;

/// <summary>docs/mcp-conformance.md, written from what the suite reported. STOA_REGENERATE=1 rewrites it.</summary>
internal static class ConformancePage
{
    private const string Intro = """
        # MCP conformance

        <!-- Generated from a run of the suite; a test compares. Rewrite with STOA_REGENERATE=1 dotnet test tests/Stoa.Conformance.Tests -->

        `dotnet test tests/Stoa.Conformance.Tests` starts the whole gateway on a socket and turns the official conformance suite
        (`@modelcontextprotocol/conformance`) and the official clients on it. It needs Node 20 or later and installs what `tests/package.json`
        pins. The suite cannot send credentials, so a forwarder in front of the gateway adds an API key; nothing else is between them.

        Clients that connect, list 250 tools over several pages, call (structured content, mirrored headers), send wrong arguments, name an unknown
        tool, follow progress, cancel a call under way and close:

        - TypeScript SDK 1 asking for 2025-11-25, 2025-06-18, 2025-03-26 and 2024-11-05
        - TypeScript client 2 in its modes legacy, auto and pinned to 2026-07-28
        - C# SDK 2 by default (2026-07-28) and asking for each older revision
        - MCP Inspector's command line (list and call)

        ## The suite

        The sets of 2025-11-25 and 2026-07-28 are those that the suite has frozen, with what it runs unscored; 2025-06-18 is every scenario that
        applies to it. For older revisions the suite has no checks. A scenario's tools are HTTP endpoints here; what these cannot do is a gap.


        """;

    public static void Verify(IReadOnlyDictionary<string, IReadOnlyList<SuiteCheck>> results)
    {
        var file = Repository.PathOf("docs", "mcp-conformance.md");
        var content = Render(results);
        if (Environment.GetEnvironmentVariable("STOA_REGENERATE") == "1")
        {
            File.WriteAllText(file, content);
        }

        Assert.Equal(content, File.Exists(file) ? File.ReadAllText(file).ReplaceLineEndings("\n") : "");
    }

    private static string Render(IReadOnlyDictionary<string, IReadOnlyList<SuiteCheck>> results)
    {
        var page = new StringBuilder(Intro);
        page.Append("| Set | Scenarios | of them without a gap | Checks | of them passed |\n|---|---|---|---|---|\n");
        foreach (var set in OfficialSuite.Sets)
        {
            var scenarios = results[set].GroupBy(check => check.Scenario).ToList();
            var whole = scenarios.Count(scenario => scenario.All(check => check.Passes));
            page.Append(null, $"| {set} | {scenarios.Count} | {whole} | {results[set].Count} | {results[set].Count(check => check.Passes)} |\n");
        }

        page.Append("\nChecks passed of each scenario; nearly each has `wire-schema-valid`, every message against the schema of its revision.\n\n");
        page.Append(null, $"| Scenario | {string.Join(" | ", OfficialSuite.Sets)} |\n|---{string.Concat(OfficialSuite.Sets.Select(_ => "|---"))}|\n");
        foreach (var scenario in results.Values.SelectMany(checks => checks).Select(check => check.Scenario).Distinct().Order(StringComparer.Ordinal))
        {
            page.Append(null, $"| {scenario} | {string.Join(" | ", OfficialSuite.Sets.Select(set => Score(results[set], scenario)))} |\n");
        }

        page.Append("\n## The gaps\n\nFrom `tests/Stoa.Conformance.Tests/suite/gaps.txt`, which names every check.");
        page.Append(" The tests fail when one of them starts to pass.\n\n| Why | Scenarios |\n|---|---|\n");
        foreach (var reason in KnownGap.All.GroupBy(gap => gap.Reason))
        {
            page.Append(null, $"| {reason.Key} | {string.Join(", ", reason.Select(gap => gap.Scenario).Distinct())} |\n");
        }

        return page.ToString();
    }

    private static string Score(IReadOnlyList<SuiteCheck> checks, string scenario)
    {
        var mine = checks.Where(check => check.Scenario == scenario).ToList();
        return mine.Count == 0 ? "" : $"{mine.Count(check => check.Passes)}/{mine.Count}";
    }
}
