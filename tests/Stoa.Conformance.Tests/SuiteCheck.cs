namespace Stoa.Conformance.Tests;

/// <summary>One check of one scenario of the official suite; checks of the same id count as one, which passes when all do.</summary>
internal sealed record SuiteCheck(string Scenario, string Id, string? Fault)
{
    public bool Passes => Fault is null;

    public string Name => $"{Scenario}: {Id}";
}
