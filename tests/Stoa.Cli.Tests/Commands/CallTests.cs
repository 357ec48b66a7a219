using System.Text.Json;

namespace Stoa.Cli.Tests.Commands;

/// <summary>Tools as a consumer sees and calls them.</summary>
public sealed class CallTests
{
    [Fact]
    public async Task A_tool_is_called_and_its_result_printed()
    {
        await using var world = await World.StartAsync(exchange => exchange.AnswerJsonAsync("""{"city":"Paris","temp":21.5}"""));
        var key = await world.BecomeConsumerAsync();

        var outcome = await world.Shell.RunAsync("call", "get_weather", "--arg", "city=Paris", "--arg", "days=3", "-a", "units=C", "-a", "units=kmh");

        Assert.Equal("{\n  \"city\": \"Paris\",\n  \"temp\": 21.5\n}\n", outcome.Succeeded());
        Assert.Equal("city: Paris\ntemp: 21.5\n", (await world.Shell.RunAsync("call", "get_weather", "--arg", "city=Paris", "-o", "yaml")).Succeeded());
        Assert.Contains("city=Paris&days=3", world.Upstream!.Requests[0].Target);
        Assert.DoesNotContain(key, outcome.Everything);
    }

    [Fact]
    public async Task Arguments_may_be_one_JSON_object_in_the_line_in_a_file_or_piped()
    {
        await using var world = await World.StartAsync(exchange => exchange.AnswerJsonAsync("{}"));
        await world.BecomeConsumerAsync();
        world.Shell.Write("arguments.json", """{"city": "Rome"}""");

        (await world.Shell.RunAsync("call", "get_weather", "--json", """{"city": "Oslo"}""")).Succeeded();
        (await world.Shell.RunAsync("call", "get_weather", "--json", "@arguments.json", "--arg", "days=2")).Succeeded();
        (await world.Shell.PipeAsync("""{"city": "Lima"}""", "call", "get_weather", "--json", "-", "--arg", "days:=4")).Succeeded();

        var targets = world.Upstream!.Requests.Select(r => r.Target).ToArray();
        Assert.Contains("city=Oslo", targets[0]);
        Assert.Contains("city=Rome&days=2", targets[1]);
        Assert.Contains("city=Lima&days=4", targets[2]);
    }

    [Fact]
    public async Task An_error_of_the_tool_is_exit_code_1_with_its_answer()
    {
        await using var world = await World.StartAsync(exchange => exchange.AnswerAsync(500, "application/json", """{"reason":"storm"}"""));
        await world.BecomeConsumerAsync();

        var outcome = await world.Shell.RunAsync("call", "get_weather", "--arg", "city=Paris");

        Assert.Contains("get_weather answered with an error", outcome.Failed(1));
        Assert.NotEqual("", outcome.Out);
    }

    [Fact]
    public async Task Wrong_arguments_are_listed()
    {
        await using var world = await World.StartAsync(exchange => exchange.AnswerJsonAsync("{}"));
        await world.BecomeConsumerAsync();

        var errors = (await world.Shell.RunAsync("call", "get_weather", "--arg", "city=P", "--arg", "days=soon")).Failed(1);

        Assert.Contains("  - /city ", errors);
        Assert.Contains("  - /days ", errors);
        Assert.Empty(world.Upstream!.Requests);
    }

    [Theory]
    [InlineData("--arg", "city", "not name=value")]
    [InlineData("--arg", "=x", "not name=value")]
    [InlineData("--arg", "days:=three", "not JSON")]
    [InlineData("--json", "[1]", "must be an object")]
    [InlineData("--json", "{", "not valid JSON")]
    [InlineData("--json", "@nowhere.json", "nowhere.json")]
    public async Task Arguments_that_cannot_be_read_are_a_misuse(string option, string value, string message)
    {
        await using var world = await World.StartAsync();
        await world.BecomeConsumerAsync();

        Assert.Contains(message, (await world.Shell.RunAsync("call", "get_weather", option, value)).Failed(2));
    }

    [Fact]
    public async Task Only_a_consumer_calls_and_only_what_it_sees()
    {
        await using var world = await World.StartAsync();

        Assert.Contains("stoa keys create", (await world.Shell.RunAsync("call", "get_weather")).Failed(3));
        Assert.Contains("stoa keys create", (await world.Shell.RunAsync("tools")).Failed(3));
        await world.BecomeConsumerAsync();
        Assert.Contains("`stoa tools`", (await world.Shell.RunAsync("call", "nothing")).Failed(4));
        Assert.Contains("administrator", (await world.Shell.RunAsync("get", "tools")).Failed(3));
    }

    [Fact]
    public async Task Tools_lists_what_the_consumer_sees()
    {
        await using var world = await World.StartAsync();
        await world.BecomeConsumerAsync();

        var table = (await world.Shell.RunAsync("tools")).Succeeded();

        Assert.Equal("NAME         READ-ONLY  DESCRIPTION\nget_weather  yes        Tells the weather of a city.\n", table);
        var json = JsonDocument.Parse((await world.Shell.RunAsync("tools", "-o", "json")).Succeeded()).RootElement;
        Assert.Equal("get_weather", json.GetProperty("tools")[0].GetProperty("name").GetString());
    }
}
