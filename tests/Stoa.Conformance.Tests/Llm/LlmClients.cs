using System.Text.Json;
using Stoa.Testing;

namespace Stoa.Conformance.Tests.Llm;

/// <summary>Runs the unmodified SDKs of language models, in versions that tests/package.json pins.</summary>
internal static class LlmClients
{
    /// <summary>One SDK on one surface, against all models in turn.</summary>
    public static async Task WalkAsync(string program, string surface, Uri root, string key, bool throughGateway, params string[] models)
    {
        var walk = await RunAsync($"llm/{program}.mjs", [surface, root.ToString(), key, throughGateway ? "gateway" : "direct", .. models]);
        var outcome = JsonSerializer.Deserialize<WalkOutcome>(walk.Output, JsonSerializerOptions.Web)!;
        Assert.True(outcome.Failures.Count == 0, $"{outcome.Failures.Count} of {outcome.Ran} scenarios failed.\n{string.Join('\n', outcome.Failures)}");
        Assert.True(outcome.Ran >= models.Length, $"{program} ran {outcome.Ran} scenarios.");
    }

    public static async Task<NodeExit> RunAsync(string program, string[] arguments)
    {
        var ct = TestContext.Current.CancellationToken;
        await NodeModules.PathOfAsync(Path.Combine("openai", "package.json"), ct);
        var exit = await Node.RunAsync([Repository.PathOf("tests", "Stoa.Conformance.Tests", "clients", program), .. arguments], ct);
        Assert.True(exit.Code == 0, $"{program} ended with {exit.Code}.\n{exit.Output}{exit.Errors}");
        return exit;
    }

    private sealed record WalkOutcome(int Ran, IReadOnlyList<string> Failures);
}
