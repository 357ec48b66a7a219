using System.Collections.Concurrent;
using System.Text.Json;
using Stoa.Testing;

namespace Stoa.Conformance.Tests;

/// <summary>
/// The server scenarios of <c>@modelcontextprotocol/conformance</c> against one URL, each set run once per process. Sets that the suite has
/// frozen are taken as they are; for 2025-06-18 all scenarios of that revision. It has none for older ones that check anything.
/// </summary>
internal sealed class OfficialSuite(Uri url)
{
    public static readonly IReadOnlyList<string> Sets = ["2025-06-18", "2025-11-25", "2026-07-28"];

    private readonly ConcurrentDictionary<string, Lazy<Task<IReadOnlyList<SuiteCheck>>>> _runs = new();

    /// <summary>All checks of the set, by scenario; notes that are neither passed nor failed are left out.</summary>
    public Task<IReadOnlyList<SuiteCheck>> RunAsync(string set, CancellationToken ct) =>
        _runs.GetOrAdd(set, _ => new(() => StartAsync(set, ct))).Value;

    private async Task<IReadOnlyList<SuiteCheck>> StartAsync(string set, CancellationToken ct)
    {
        var script = await NodeModules.PathOfAsync(Path.Combine("@modelcontextprotocol", "conformance", "dist", "index.js"), ct);
        var results = Directory.CreateTempSubdirectory("stoa-conformance-");
        try
        {
            string[] selection = set == "2025-06-18" ? ["--suite", "all", "--spec-version", set] : ["--requirements", set];
            var exit = await Node.RunNewerAsync([script, "server", "--url", url.ToString(), .. selection, "--output-dir", results.FullName], ct);
            var started = exit.Output.Split('\n').Count(line => line.StartsWith("=== Running scenario:", StringComparison.Ordinal));
            var scenarios = results.GetDirectories();
            if (started == 0 || scenarios.Length != started)
            {
                throw new InvalidOperationException($"The suite left {scenarios.Length} results of {started} scenarios.\n{exit.Output}{exit.Errors}");
            }

            return [.. scenarios.SelectMany(ReadScenario).OrderBy(check => check.Name, StringComparer.Ordinal)];
        }
        finally
        {
            results.Delete(recursive: true);
        }
    }

    // A result is in server-<scenario>-2026-01-01T00-00-00-000Z/checks.json.
    private static IEnumerable<SuiteCheck> ReadScenario(DirectoryInfo folder)
    {
        var scenario = folder.Name["server-".Length..^"-2026-01-01T00-00-00-000Z".Length];
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder.FullName, "checks.json")));
        return
        [
            .. document.RootElement.EnumerateArray()
                .Where(check => Text(check, "status") is not "INFO")
                .GroupBy(check => Text(check, "id")!, FaultOf)
                .Select(same => new SuiteCheck(scenario, same.Key, same.FirstOrDefault(fault => fault is not null))),
        ];
    }

    // A warning is a SHOULD that is not met, and a check that was skipped has not passed.
    private static string? FaultOf(JsonElement check) =>
        Text(check, "status") is "SUCCESS" ? null : $"{Text(check, "status")} {Text(check, "errorMessage")}";

    private static string? Text(JsonElement check, string name) => check.TryGetProperty(name, out var value) ? value.GetString() : null;
}
