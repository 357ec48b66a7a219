using System.Diagnostics;
using System.Text.RegularExpressions;
using Stoa.Testing;
using Stoa.Testing.Llm;

namespace Stoa.Conformance.Tests.Llm;

/// <summary>What README.md and docs/llm-clients.md show works as it stands there, and so does the sample.</summary>
public sealed partial class SnippetTests : IAsyncLifetime
{
    private LlmWorld _world = null!;

    public static TheoryData<string, string> Snippets =>
        [.. new[] { "README.md", "docs/llm-clients.md" }.SelectMany(document => Fences().Matches(File.ReadAllText(Repository.PathOf(document)))).Select(m => (m.Groups["language"].Value, m.Groups["code"].Value))];

    public async ValueTask InitializeAsync()
    {
        _world = await LlmWorld.StartAsync();
        await _world.Gateway.ApplyAsync($$"""
            apiVersion: gostoa.dev/v1alpha1
            kind: LlmRoute
            metadata: { name: smart, namespace: {{LlmWorld.Tenant}} }
            spec: { targets: [{ provider: anthropic, model: anthropic-model }] }
            """);
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [MemberData(nameof(Snippets))]
    public async Task A_snippet_of_the_documentation_runs(string language, string code)
    {
        var output = language is "js" ? await NodeAsync(code, [], "") : await RunAsync("bash", ["-c", code], "");

        // Pieces of a raw stream stand in events of their own.
        Assert.Contains(language is "js" ? "Hello from anthropic-model: all is well." : "[DONE]", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_sample_chats_and_calls_its_tool()
    {
        var output = await NodeAsync(await File.ReadAllTextAsync(Repository.PathOf("samples", "chat", "chat.mjs")), ["smart"], "What time is it?\n\n");

        Assert.Matches(@"The tool said: \d{4}-\d\d-\d\dT", output);
        Assert.Contains("tokens in", output, StringComparison.Ordinal);
    }

    // In the tests' folder, where the packages are.
    private async Task<string> NodeAsync(string code, string[] arguments, string input)
    {
        await NodeModules.PathOfAsync(Path.Combine("openai", "package.json"), TestContext.Current.CancellationToken);
        var file = Path.Combine(Directory.CreateDirectory(Repository.PathOf("tests", "obj")).FullName, $"snippet-{Guid.NewGuid():N}.mjs");
        await File.WriteAllTextAsync(file, code);
        try
        {
            return await RunAsync("node", [file, .. arguments], input);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private async Task<string> RunAsync(string program, string[] arguments, string input)
    {
        var ct = TestContext.Current.CancellationToken;
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["STOA_URL"] = _world.Gateway.Url.ToString().TrimEnd('/');
        start.Environment["STOA_KEY"] = _world.Key;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(ct);
        var errors = process.StandardError.ReadToEndAsync(ct);
        await process.StandardInput.WriteAsync(input.AsMemory(), ct);
        process.StandardInput.Close();
        await process.WaitForExitAsync(ct).WaitAsync(TimeSpan.FromMinutes(4), ct);
        Assert.True(process.ExitCode == 0, await errors);
        return await output;
    }

    [GeneratedRegex(@"```(?<language>js|bash)\n(?<code>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Fences();
}
