using System.Diagnostics;

namespace Stoa.Cli.Tests.Commands;

/// <summary>Completion scripts are sound, and what they ask is answered.</summary>
public sealed class CompletionTests
{
    [Theory]
    [InlineData("bash", "bash")]
    [InlineData("zsh", "zsh")]
    [InlineData("fish", "fish")]
    public async Task A_script_is_accepted_by_its_shell(string shell, string program)
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, program))), $"Needs {program}.");
        using var bench = new Shell();
        bench.Write("script", (await bench.RunAsync("completion", shell)).Succeeded());

        using var check = Process.Start(new ProcessStartInfo(program, ["-n", Path.Combine(bench.Folder, "script")]) { RedirectStandardError = true })!;
        var errors = await check.StandardError.ReadToEndAsync();
        await check.WaitForExitAsync();

        Assert.Equal((0, ""), (check.ExitCode, errors));
    }

    [Fact]
    public async Task PowerShell_gets_a_script_too()
    {
        using var shell = new Shell();

        Assert.Contains("Register-ArgumentCompleter -Native -CommandName stoa", (await shell.RunAsync("completion", "pwsh")).Succeeded());
    }

    [Theory]
    [InlineData("stoa ap", "apply")]
    [InlineData("stoa keys r", "revoke rotate")]
    [InlineData("stoa get ", "consumer llmprovider llmroute plan quotapolicy secret subscription tenant tool toolset")]
    [InlineData("stoa get s", "secret subscription")]
    [InlineData("stoa get tools -o ", "json table yaml")]
    [InlineData("stoa apply --dr", "--dry-run")]
    [InlineData("stoa completion z", "zsh")]
    [InlineData("stoa nothing-like-this ", "")]
    public async Task What_may_come_next_is_suggested(string line, string suggestions)
    {
        using var shell = new Shell();

        var outcome = await shell.RunAsync($"[suggest:{line.Length}]", line);

        Assert.Equal(suggestions.Split(' ', StringSplitOptions.RemoveEmptyEntries), outcome.Succeeded().Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(s => suggestions.Length > 0 || !s.All(char.IsAsciiLetterLower)));
    }

    [Fact]
    public async Task Bash_completes_with_the_script()
    {
        using var bench = new Shell();
        bench.Write("stoa.bash", (await bench.RunAsync("completion", "bash")).Succeeded());
        bench.Write("stoa", $"#!/bin/sh\nexec dotnet '{typeof(Surroundings).Assembly.Location}' \"$@\"\n");
        bench.Write("try.bash", "chmod +x ./stoa; PATH=$PWD:$PATH; source ./stoa.bash\nCOMP_LINE='stoa keys r' COMP_POINT=11 COMP_WORDS=(stoa keys r) COMP_CWORD=2; _stoa_complete; echo \"${COMPREPLY[*]}\"\n");

        using var bash = Process.Start(new ProcessStartInfo("bash", ["try.bash"]) { WorkingDirectory = bench.Folder, RedirectStandardOutput = true })!;
        var output = await bash.StandardOutput.ReadToEndAsync();
        await bash.WaitForExitAsync();

        Assert.Equal("revoke rotate\n", output);
    }
}
