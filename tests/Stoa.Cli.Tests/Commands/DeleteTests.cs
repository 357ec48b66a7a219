namespace Stoa.Cli.Tests.Commands;

/// <summary>Deletion by name and by file.</summary>
public sealed class DeleteTests
{
    [Fact]
    public async Task By_name_and_what_is_gone_is_not_found()
    {
        await using var world = await World.StartAsync();

        Assert.Equal("tool/get_weather deleted\n", (await world.Shell.RunAsync("delete", "tool", "get_weather")).Succeeded());
        Assert.Contains("There is no tool/get_weather in tenant acme", (await world.Shell.RunAsync("delete", "tools/get_weather")).Failed(4));
        Assert.Equal("", (await world.Shell.RunAsync("delete", "tool", "get_weather", "--ignore-not-found")).Succeeded());
    }

    [Fact]
    public async Task Files_are_deleted_in_an_order_that_works()
    {
        await using var world = await World.StartAsync();
        world.Shell.Write("world.yaml", Yaml.All(Yaml.Secret, Yaml.Consumer, Yaml.Tool()));

        var outcome = await world.Shell.RunAsync("delete", "-f", "world.yaml");

        Assert.Equal("tool/get_weather deleted\nsecret/weather deleted\nconsumer/agent deleted\n", outcome.Succeeded());
        Assert.Contains("There are no tools", (await world.Shell.RunAsync("get", "tools")).Err);
    }

    [Fact]
    public async Task A_secret_in_use_stays()
    {
        await using var world = await World.StartAsync();

        Assert.Contains("in use by Tool get_weather", (await world.Shell.RunAsync("delete", "secret", "weather")).Failed(1));
    }

    [Fact]
    public async Task A_tenant_goes_only_when_that_is_meant()
    {
        await using var world = await World.StartAsync();

        Assert.Contains("--yes", (await world.Shell.RunAsync("delete", "tenant", "acme")).Failed(2));
        Assert.Contains("Nothing was deleted", (await world.Shell.AtTerminalAsync("no\n", "delete", "tenant", "acme")).Out);
        Assert.Contains("acme", (await world.Shell.RunAsync("get", "tenants")).Succeeded());
        Assert.Equal("tenant/acme deleted\n", (await world.Shell.RunAsync("delete", "tenant", "acme", "--yes")).Succeeded());
        Assert.Contains("There are no tenants", (await world.Shell.RunAsync("get", "tenants")).Err);
    }

    [Theory]
    [InlineData("kind: Tool\nmetadata: {}\n", "bad.yaml:1:1: a document without metadata.name")]
    [InlineData("a: [", "bad.yaml:2:1: ")]
    public async Task A_file_that_names_nothing_deletes_nothing(string text, string message)
    {
        await using var world = await World.StartAsync();
        world.Shell.Write("bad.yaml", text);
        world.Shell.Write("good.yaml", Yaml.Tool());

        Assert.Contains(message, (await world.Shell.RunAsync("delete", "-f", "good.yaml", "-f", "bad.yaml")).Failed(2));
        Assert.Contains("get_weather", (await world.Shell.RunAsync("get", "tools")).Succeeded());
    }

    [Theory]
    [InlineData("delete")]
    [InlineData("delete", "tool")]
    [InlineData("delete", "tool", "x", "-f", "y.yaml")]
    public async Task A_resource_or_files_and_not_both(params string[] arguments)
    {
        await using var world = await World.StartAsync();

        (await world.Shell.RunAsync(arguments)).Failed(2);
    }
}
