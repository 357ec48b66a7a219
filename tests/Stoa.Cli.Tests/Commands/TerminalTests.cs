using System.Text.Json;
using Stoa.Testing;

namespace Stoa.Cli.Tests.Commands;

/// <summary>Colours and signs of life are for terminals; what others wrote cannot play tricks there.</summary>
public sealed class TerminalTests
{
    private const string Escape = "\u001b[";

    [Fact]
    public async Task Colours_are_for_terminals_only()
    {
        await using var world = await World.StartAsync();
        world.Shell.Write("next.yaml", Yaml.Tool(timeout: "20s"));

        var piped = await world.Shell.RunAsync("diff", "-f", "next.yaml");
        var shown = await world.Shell.AtTerminalAsync("", "diff", "-f", "next.yaml");

        Assert.DoesNotContain(Escape, piped.Everything);
        Assert.Contains(Escape + "32m+  timeout: 20s", shown.Out.Replace("38;5;2m", "32m").Replace("[38;5;10m", "[32m"));
        Assert.Equal((1, 1), (piped.ExitCode, shown.ExitCode));
    }

    [Theory]
    [InlineData(null, null, true)]
    [InlineData("NO_COLOR", null, false)]
    [InlineData(null, "--no-color", false)]
    public async Task A_terminal_without_colours_gets_none(string? variable, string? option, bool isColored)
    {
        await using var world = await World.StartAsync();
        if (variable is not null)
        {
            world.Shell.Set(variable, "1");
        }

        var shown = await world.Shell.AtTerminalAsync("", option is null ? ["get", "tools"] : ["get", "tools", option]);

        Assert.Contains("get_weather", shown.Out);
        Assert.Equal(isColored, shown.Out.Split('\n').Any(line => line.Contains("NAME", StringComparison.Ordinal) && line.Contains(Escape + "1m", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task JSON_and_YAML_are_never_coloured()
    {
        await using var world = await World.StartAsync();

        var shown = await world.Shell.AtTerminalAsync("", "get", "tool", "get_weather", "-o", "json");

        // What the runtime itself sends to a terminal comes before and after.
        var document = shown.Succeeded()[shown.Out.IndexOf('{', StringComparison.Ordinal)..(shown.Out.LastIndexOf('}') + 1)];
        Assert.Equal("Tool", JsonDocument.Parse(document).RootElement.GetProperty("kind").GetString());
    }

    [Fact]
    public async Task Text_from_elsewhere_cannot_steer_the_terminal()
    {
        await using var world = await World.StartAsync(exchange => exchange.AnswerAsync(200, "text/plain", "\u001b]0;owned\u0007\u001b[2Jhidden\u202etxt"));
        await world.BecomeConsumerAsync();

        var shown = (await world.Shell.AtTerminalAsync("", "call", "get_weather", "--arg", "city=Paris")).Succeeded();
        var piped = (await world.Shell.RunAsync("call", "get_weather", "--arg", "city=Paris")).Succeeded();

        Assert.Contains(@"\u001b]0;owned\u0007\u001b[2Jhidden\u202etxt", shown);
        Assert.DoesNotContain("\u001b]0", shown);
        Assert.Equal("\u001b]0;owned\u0007\u001b[2Jhidden\u202etxt\n", piped);
    }

    [Fact]
    public async Task Long_work_shows_that_it_goes_on()
    {
        var release = new TaskCompletionSource();
        await using var gateway = await ScriptedUpstream.StartAsync(async exchange =>
        {
            await release.Task;
            await exchange.AnswerJsonAsync("""{"dryRun":false,"results":[],"revisions":{}}""");
        });
        using var shell = new Shell(gateway.Url, Shell.AdminKey);
        shell.Write("t.yaml", Yaml.Tenant);

        var shown = await shell.AtTerminalAsync("Applying t.yaml ...", release.SetResult, "apply", "-f", "t.yaml");

        shown.Succeeded();
        Assert.DoesNotContain("Applying", (await shell.RunAsync("apply", "-f", "t.yaml")).Everything);
    }
}
