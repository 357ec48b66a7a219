namespace Stoa.Cli.Tests.Commands;

/// <summary>What apply would change, and that looking changes nothing.</summary>
public sealed class DiffTests
{
    [Fact]
    public async Task No_difference_is_silence_and_exit_code_0()
    {
        await using var world = await World.StartAsync();
        world.Shell.Write("world.yaml", Yaml.World());

        var outcome = await world.Shell.RunAsync("diff", "-f", "world.yaml");

        Assert.Equal(("", ""), (outcome.Succeeded(), outcome.Err));
    }

    [Fact]
    public async Task A_difference_is_a_unified_diff_and_exit_code_1()
    {
        await using var world = await World.StartAsync();
        world.Shell.Write("world.yaml", Yaml.World().Replace("10s", "120s"));

        var outcome = await world.Shell.RunAsync("diff", "-f", "world.yaml");

        outcome.Failed(1);
        Assert.StartsWith("--- stored/acme/tool/get_weather\n+++ applied/acme/tool/get_weather\n@@ ", outcome.Out);
        Assert.Contains("\n-  timeout: 10s\n+  timeout: 2m\n", outcome.Out);
        Assert.Contains("timeout: 10s", (await world.Shell.RunAsync("get", "tool", "get_weather", "-o", "yaml")).Succeeded());
    }

    [Fact]
    public async Task A_new_resource_is_all_additions()
    {
        await using var world = await World.StartAsync();

        var outcome = await world.Shell.PipeAsync(Yaml.Consumer.Replace("agent", "second"), "diff", "-f", "-");

        outcome.Failed(1);
        Assert.StartsWith("--- /dev/null\n+++ applied/acme/consumer/second\n@@ -0,0 +1,", outcome.Out);
        Assert.All(outcome.Out.TrimEnd('\n').Split('\n').Skip(3), line => Assert.StartsWith("+", line));
    }

    [Fact]
    public async Task A_changed_secret_shows_that_it_changed_and_not_to_what()
    {
        await using var world = await World.StartAsync();

        var outcome = await world.Shell.PipeAsync(Yaml.Secret.Replace("hunter2", "hunter3"), "diff", "-f", "-");

        outcome.Failed(1);
        Assert.Contains("-    key: '*** (before)'\n+    key: '*** (after)'\n", outcome.Out);
        Assert.DoesNotContain("hunter", outcome.Everything);
    }

    [Fact]
    public async Task Refused_documents_are_told_beside_the_differences()
    {
        await using var world = await World.StartAsync();
        world.Shell.Write("a.yaml", Yaml.Tool(timeout: "1s"));
        world.Shell.Write("b.yaml", Yaml.Tool("other", timeout: "soon"));

        var outcome = await world.Shell.RunAsync("diff", "-f", "a.yaml", "-f", "b.yaml");

        Assert.StartsWith("b.yaml:7:12: tool/other invalid: spec.timeout", outcome.Failed(1));
        Assert.Contains("+  timeout: 1s", outcome.Out);
    }
}
