using System.Text.Json;

namespace Stoa.Cli.Tests.Commands;

/// <summary>Resources out: get, describe, history, and what they say when there is nothing.</summary>
public sealed class ReadingTests
{
    [Fact]
    public async Task A_table_is_plain_where_no_terminal_is()
    {
        await using var world = await World.StartAsync();

        var lines = (await world.Shell.RunAsync("get", "tools")).Succeeded().TrimEnd('\n').Split('\n');

        Assert.Matches("^NAME +METHOD +ENDPOINT +AUTH +STATUS +AGE$", lines[0]);
        Assert.Matches("^get_weather  GET     https://api.example.com/weather  apiKey  Registered  [0-9]+[sm]$", lines[1]);
        Assert.Equal(2, lines.Length);
        Assert.All(lines, line => Assert.Equal(line.TrimEnd(), line));
    }

    [Theory]
    [InlineData("consumer", "agent")]
    [InlineData("consumers", "stoa:write")]
    [InlineData("Consumer", "agent")]
    [InlineData("secrets", "key")]
    [InlineData("tenants", "acme")]
    public async Task Every_kind_has_a_table(string kind, string expected)
    {
        await using var world = await World.StartAsync();

        Assert.Contains(expected, (await world.Shell.RunAsync("get", kind)).Succeeded());
    }

    [Theory]
    [InlineData("tool", "get_weather")]
    [InlineData("consumer", "agent")]
    [InlineData("tenant", "acme")]
    public async Task What_get_prints_can_be_applied_again_and_changes_nothing(string kind, string name)
    {
        await using var world = await World.StartAsync();
        foreach (var format in new[] { "yaml", "json" })
        {
            var document = (await world.Shell.RunAsync("get", kind, name, "-o", format)).Succeeded();

            Assert.Equal($"{kind}/{name} unchanged\n", (await world.Shell.PipeAsync(document, "apply", "-f", "-")).Succeeded());
        }
    }

    [Fact]
    public async Task Lists_can_be_applied_again_as_a_whole()
    {
        await using var world = await World.StartAsync();
        (await world.Shell.PipeAsync(Yaml.Tool("second"), "apply", "-f", "-")).Succeeded();
        foreach (var format in new[] { "yaml", "json" })
        {
            var documents = (await world.Shell.RunAsync("get", "tools", "-o", format)).Succeeded();

            Assert.Equal("tool/get_weather unchanged\ntool/second unchanged\n", (await world.Shell.PipeAsync(documents, "apply", "-f", "-")).Succeeded());
        }
    }

    [Fact]
    public async Task Longer_lists_than_a_page_are_read_to_their_end()
    {
        await using var world = await World.StartAsync();
        (await world.Shell.PipeAsync(Yaml.All([.. Enumerable.Range(0, 1100).Select(i => Yaml.Consumer.Replace("agent", $"agent-{i:0000}"))]), "apply", "-f", "-")).Succeeded();

        Assert.Equal(1102, (await world.Shell.RunAsync("get", "consumers")).Succeeded().TrimEnd('\n').Split('\n').Length);
    }

    [Fact]
    public async Task A_secret_shows_its_keys_and_never_a_value()
    {
        await using var world = await World.StartAsync();
        foreach (var arguments in new[] { "get secrets", "get secret weather -o yaml", "get secret weather -o json", "describe secret weather" })
        {
            var outcome = await world.Shell.RunAsync(arguments.Split(' '));

            Assert.Contains("key", outcome.Succeeded());
            Assert.DoesNotContain("hunter2", outcome.Everything);
        }
    }

    [Fact]
    public async Task Describe_shows_the_resource_and_what_belongs_to_it()
    {
        await using var world = await World.StartAsync();
        await world.Gateway.IssueKeyAsync("acme", "agent");

        var tool = (await world.Shell.RunAsync("describe", "tool/get_weather")).Succeeded();
        var consumer = (await world.Shell.RunAsync("describe", "consumer", "agent")).Succeeded();

        Assert.Matches("(?m)^Name: +get_weather$", tool);
        Assert.Matches("(?m)^  Endpoint: +https://api.example.com/weather$", tool);
        Assert.Matches("(?m)^Created at: +20[0-9-]+T[0-9:]+Z$", tool);
        Assert.Matches("(?m)^key_[0-9a-f]+ +stoa_sk_.*live", consumer);
    }

    [Fact]
    public async Task What_is_not_there_is_exit_code_4()
    {
        await using var world = await World.StartAsync();

        Assert.Contains("There is no Tool 'nothing'.\nLooked in tenant acme", (await world.Shell.RunAsync("get", "tool", "nothing")).Failed(4));
        Assert.Contains("There is no tenant 'nobody'", (await world.Shell.RunAsync("get", "tools", "-n", "nobody")).Failed(4));
        Assert.Contains("There is no Tool", (await world.Shell.RunAsync("describe", "tool", "nothing")).Failed(4));
        Assert.Contains("There is no Consumer 'x'", (await world.Shell.RunAsync("keys", "list", "x")).Failed(4));
        Assert.Contains("no tenant", (await world.Shell.RunAsync("history", "nobody")).Failed(4));
        Assert.Contains("`stoa history`", (await world.Shell.RunAsync("rollback", "--to", "99")).Failed(4));
    }

    [Theory]
    [InlineData("tol", "tool")]
    [InlineData("Consumr", "consumer")]
    [InlineData("secert", "secret")]
    public async Task An_unknown_kind_is_a_misuse_with_a_suggestion(string kind, string meant)
    {
        await using var world = await World.StartAsync();

        var errors = (await world.Shell.RunAsync("get", kind)).Failed(2);

        Assert.Contains("Known: tenants, consumers, quotapolicies, plans, subscriptions, secrets, tools", errors);
        Assert.Contains($"Did you mean `{meant}`?", errors);
    }

    [Fact]
    public async Task A_name_cannot_reach_another_url()
    {
        await using var world = await World.StartAsync();

        (await world.Shell.RunAsync("get", "tool", "..")).Failed(2);
        (await world.Shell.RunAsync("get", "tool", "../tenants/acme")).Failed(4);
        (await world.Shell.RunAsync("get", "tool", "x?namespace=other")).Failed(4);
    }

    [Fact]
    public async Task Without_a_tenant_the_command_says_how_to_name_one()
    {
        await using var world = await World.StartAsync();
        world.Shell.Set("STOA_NAMESPACE", null);

        Assert.Contains("-n <tenant>", (await world.Shell.RunAsync("get", "tools")).Failed(2));
        Assert.Contains("-n <tenant>", (await world.Shell.RunAsync("history")).Failed(2));
        Assert.Contains("-n <tenant>", (await world.Shell.RunAsync("keys", "list", "agent")).Failed(2));
        (await world.Shell.RunAsync("keys", "list", "acme/agent")).Succeeded();
    }

    [Fact]
    public async Task History_and_rollback_bring_back_what_was()
    {
        await using var world = await World.StartAsync();
        (await world.Shell.PipeAsync(Yaml.Tool(timeout: "20s"), "apply", "-f", "-")).Succeeded();

        var history = (await world.Shell.RunAsync("history")).Succeeded().TrimEnd('\n').Split('\n');
        var rollback = (await world.Shell.RunAsync("rollback", "acme", "--to", "1")).Succeeded();

        Assert.Matches("^2 +20[0-9-]+T[0-9:]+Z +administrator +Applied Tool get_weather$", history[1]);
        Assert.Equal("tenant/acme rolled back to revision 1, now revision 3\n", rollback);
        Assert.Contains("timeout: 10s", (await world.Shell.RunAsync("get", "tool", "get_weather", "-o", "yaml")).Succeeded());
        Assert.Equal(3, JsonDocument.Parse((await world.Shell.RunAsync("history", "-o", "json")).Succeeded()).RootElement.GetProperty("revisions").GetArrayLength());
    }
}
