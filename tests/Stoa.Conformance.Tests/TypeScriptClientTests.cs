using System.Text.Json;
using Stoa.Testing;

namespace Stoa.Conformance.Tests;

/// <summary>The official TypeScript clients, of both generations, in every way they can be made to speak.</summary>
public sealed class TypeScriptClientTests(ConformanceGateway gateway)
{
    [Theory]
    [InlineData("2025-11-25")]
    [InlineData("2025-06-18")]
    [InlineData("2025-03-26")]
    [InlineData("2024-11-05")]
    public async Task The_first_SDK_speaks_every_revision_it_knows(string revision) => (await WalkAsync("sdk-v1.mjs", revision)).Verify(revision);

    [Theory]
    [InlineData("legacy", "2025-11-25")]
    [InlineData("auto", "2026-07-28")]
    [InlineData("2026-07-28", "2026-07-28")]
    public async Task The_second_client_speaks_both_eras(string mode, string revision) => (await WalkAsync("client-v2.mjs", mode)).Verify(revision);

    [Fact]
    public async Task The_Inspector_lists_and_calls()
    {
        var listed = await InspectAsync("--method", "tools/list");
        Assert.Contains(listed.GetProperty("tools").EnumerateArray(), tool => tool.GetProperty("name").GetString() == "get_weather");

        var called = await InspectAsync("--method", "tools/call", "--tool-name", "get_weather", "--tool-arg", "city=Malmö");
        Assert.Equal("Malmö", called.GetProperty("structuredContent").GetProperty("city").GetString());
    }

    private async Task<ClientOutcome> WalkAsync(string script, string version)
    {
        var run = $"{script}-{version}";
        var exit = await RunAsync(script, [gateway.Url.ToString(), await gateway.IssueClientKeyAsync(), run, version]);
        var outcome = JsonSerializer.Deserialize<ClientOutcome>(exit.Output, JsonSerializerOptions.Web)!;
        await gateway.Upstream.AbortedAsync(run);
        return outcome;
    }

    private async Task<JsonElement> InspectAsync(params string[] arguments)
    {
        var key = await gateway.IssueClientKeyAsync();
        var exit = await RunAsync(
            "inspector.mjs", [gateway.Url.ToString(), "--transport", "http", "--header", $"Authorization: Bearer {key}", .. arguments]);
        return JsonElement.Parse(exit.Output);
    }

    private static async Task<NodeExit> RunAsync(string script, string[] arguments)
    {
        var ct = TestContext.Current.CancellationToken;
        await NodeModules.PathOfAsync(Path.Combine("@modelcontextprotocol", "client", "package.json"), ct);
        var exit = await Node.RunAsync([Repository.PathOf("tests", "Stoa.Conformance.Tests", "clients", script), .. arguments], ct);
        Assert.True(exit.Code == 0, $"{script} ended with {exit.Code}.\n{exit.Output}{exit.Errors}");
        return exit;
    }
}
