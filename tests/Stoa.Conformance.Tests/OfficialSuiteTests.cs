namespace Stoa.Conformance.Tests;

/// <summary>The gateway against the official conformance suite: what passes, what is known not to, and nothing in between.</summary>
public sealed class OfficialSuiteTests(ConformanceGateway gateway)
{
    public static TheoryData<string> Sets => [.. OfficialSuite.Sets];

    [Theory]
    [MemberData(nameof(Sets))]
    public async Task Every_check_passes_but_the_known_gaps(string set)
    {
        var known = KnownGap.All.Select(gap => gap.Name).ToHashSet();

        var checks = await gateway.Suite.RunAsync(set, TestContext.Current.CancellationToken);

        var surprises = checks.Where(check => check.Passes == known.Contains(check.Name))
            .Select(check => check.Passes ? $"{check.Name} passes now: take it off gaps.txt" : $"{check.Name} is {check.Fault}");
        Assert.Equal("", string.Join('\n', surprises));
    }

    [Fact]
    public async Task Every_known_gap_is_a_check_of_the_suite()
    {
        var checks = new HashSet<string>();
        foreach (var set in OfficialSuite.Sets)
        {
            checks.UnionWith((await gateway.Suite.RunAsync(set, TestContext.Current.CancellationToken)).Select(check => check.Name));
        }

        Assert.Empty(KnownGap.All.Select(gap => gap.Name).Except(checks));
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public async Task Every_message_fits_the_schema_of_its_revision(string set)
    {
        var checks = await gateway.Suite.RunAsync(set, TestContext.Current.CancellationToken);

        var schemas = checks.Where(check => check.Id == "wire-schema-valid").ToList();
        Assert.True(schemas.Count > 20, $"Only {schemas.Count} scenarios exchanged messages.");
        Assert.All(schemas, check => Assert.True(check.Passes, $"{check.Name} is {check.Fault}"));
    }

    [Theory]
    [InlineData("2025-06-18", "server-initialize")]
    [InlineData("2025-06-18", "ping")]
    [InlineData("2025-06-18", "tools-list")]
    [InlineData("2025-06-18", "tools-call-with-progress")]
    [InlineData("2025-11-25", "server-initialize")]
    [InlineData("2025-11-25", "ping")]
    [InlineData("2025-11-25", "dns-rebinding-protection")]
    [InlineData("2025-11-25", "tools-list")]
    [InlineData("2025-11-25", "tools-call-simple-text")]
    [InlineData("2025-11-25", "tools-call-image")]
    [InlineData("2025-11-25", "tools-call-audio")]
    [InlineData("2025-11-25", "tools-call-error")]
    [InlineData("2025-11-25", "tools-call-with-progress")]
    [InlineData("2025-11-25", "json-schema-2020-12")]
    [InlineData("2026-07-28", "dns-rebinding-protection")]
    [InlineData("2026-07-28", "http-header-validation")]
    [InlineData("2026-07-28", "http-custom-header-server-validation")]
    [InlineData("2026-07-28", "tools-list")]
    [InlineData("2026-07-28", "tools-call-simple-text")]
    [InlineData("2026-07-28", "tools-call-image")]
    [InlineData("2026-07-28", "tools-call-audio")]
    [InlineData("2026-07-28", "tools-call-error")]
    [InlineData("2026-07-28", "tools-call-with-progress")]
    [InlineData("2026-07-28", "json-schema-2020-12")]
    public async Task What_an_HTTP_tool_can_do_passes_entirely(string set, string scenario)
    {
        var checks = await gateway.Suite.RunAsync(set, TestContext.Current.CancellationToken);

        var mine = checks.Where(check => check.Scenario == scenario).ToList();
        Assert.NotEmpty(mine);
        Assert.All(mine, check => Assert.True(check.Passes, $"{check.Name} is {check.Fault}"));
    }

    [Fact]
    public async Task The_page_in_docs_says_what_the_suite_says()
    {
        var results = new Dictionary<string, IReadOnlyList<SuiteCheck>>();
        foreach (var set in OfficialSuite.Sets)
        {
            results[set] = await gateway.Suite.RunAsync(set, TestContext.Current.CancellationToken);
        }

        ConformancePage.Verify(results);
    }
}
