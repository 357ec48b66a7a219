using Stoa.Testing;

namespace Stoa.Conformance.Tests;

/// <summary>A check that is known not to pass, and why; read from <c>suite/gaps.txt</c>.</summary>
internal sealed record KnownGap(string Scenario, string Check, string Reason)
{
    public static IReadOnlyList<KnownGap> All { get; } = Read(Repository.PathOf("tests", "Stoa.Conformance.Tests", "suite", "gaps.txt"));

    public string Name => $"{Scenario}: {Check}";

    private static List<KnownGap> Read(string path)
    {
        var gaps = new List<KnownGap>();
        string? reason = null;
        foreach (var line in File.ReadLines(path))
        {
            if (line.StartsWith("## ", StringComparison.Ordinal))
            {
                reason = line[3..];
            }
            else if (line.Length > 0 && line[0] is not '#')
            {
                var (scenario, checks) = line.Split(": ") is [var left, var right] ? (left, right) : throw new FormatException($"gaps.txt: {line}");
                var why = reason ?? throw new FormatException($"gaps.txt: no reason before {line}");
                gaps.AddRange(checks.Split(", ").Select(check => new KnownGap(scenario, check, why)));
            }
        }

        return gaps;
    }
}
