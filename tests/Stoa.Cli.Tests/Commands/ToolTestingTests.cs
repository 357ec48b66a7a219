using System.Text.Json;
using Stoa.Testing;

namespace Stoa.Cli.Tests.Commands;

/// <summary><c>stoa test</c> and <c>stoa status</c>: what they send, and what they print of answers whose members they need not know.</summary>
public sealed class ToolTestingTests
{
    private const string Report =
        """
        {"request":{"method":"GET","url":"https://api.example.com/weather?city=Paris&appid=***","headers":{"Accept":"application/json"},"body":null},
         "response":{"status":200,"headers":{"Content-Type":"application/json"},"body":{"temp":21}},
         "result":{"temp":21},"findings":[],"timing":{"totalMs":12},"novelty":{"seen":true}}
        """;

    [Fact]
    public async Task The_report_is_shown_in_full()
    {
        await using var gateway = await ScriptedUpstream.StartAsync(exchange => exchange.AnswerJsonAsync(exchange.Request.Method == "GET" ? """{"spec":{"inputSchema":{"properties":{"days":{"type":"integer"}}}}}""" : Report));
        using var shell = new Shell(gateway.Url, Shell.AdminKey);

        var outcome = await shell.RunAsync("test", "get_weather", "--arg", "city=Paris", "--arg", "days=3", "-n", "acme");

        var output = outcome.Succeeded();
        Assert.Contains("Request\n  GET https://api.example.com/weather?city=Paris&appid=***\n  Accept: application/json\n", output);
        Assert.Contains("Response\n  200\n", output);
        Assert.Contains("novelty\n", output);
        var request = gateway.Requests[1];
        Assert.Equal("/manage/v1/tools/get_weather/test?namespace=acme", request.Target);
        var body = JsonDocument.Parse(request.Body).RootElement;
        Assert.Equal("""{"city":"Paris","days":3}""", body.GetProperty("arguments").GetRawText());
        Assert.True(body.GetProperty("send").GetBoolean());
        Assert.False(body.TryGetProperty("document", out _));
    }

    [Fact]
    public async Task An_unpublished_tool_is_sent_along_at_the_lines_of_its_file()
    {
        await using var gateway = await ScriptedUpstream.StartAsync(exchange => exchange.AnswerJsonAsync(Report));
        using var shell = new Shell(gateway.Url, Shell.AdminKey);
        shell.Write("world.yaml", Yaml.All(Yaml.Tenant, Yaml.Secret, Yaml.Tool(), Yaml.Consumer));

        (await shell.RunAsync("test", "-f", "world.yaml", "--arg", "city=Paris", "--arg", "days=3", "--dry-run")).Succeeded();

        var request = Assert.Single(gateway.Requests);
        Assert.Equal("/manage/v1/tools/get_weather/test?namespace=acme", request.Target);
        var body = JsonDocument.Parse(request.Body).RootElement;
        Assert.False(body.GetProperty("send").GetBoolean());
        Assert.Equal("""{"city":"Paris","days":3}""", body.GetProperty("arguments").GetRawText());
        var document = body.GetProperty("document").GetString()!;
        Assert.Equal(Yaml.Tool().TrimEnd(), document.Trim());
        Assert.Equal(Array.IndexOf(File.ReadAllLines(Path.Combine(shell.Folder, "world.yaml")), "kind: Tool"), Array.IndexOf(document.Split('\n'), "kind: Tool"));
    }

    [Theory]
    [InlineData("""{"request":{"method":"GET","url":"https://x/"},"error":{"message":"The upstream did not answer in time."}}""", "error: The upstream did not answer in time.")]
    [InlineData("""{"request":{"method":"GET","url":"https://x/"},"error":"refused"}""", "error: refused")]
    [InlineData("""{"result":{},"findings":["/temp must be a number"]}""", "")]
    public async Task A_test_that_did_not_pass_is_exit_code_1(string report, string message)
    {
        await using var gateway = await ScriptedUpstream.StartAsync(exchange => exchange.AnswerJsonAsync(report));
        using var shell = new Shell(gateway.Url, Shell.AdminKey);

        var outcome = await shell.RunAsync("test", "get_weather", "-n", "acme");

        Assert.Contains(message, outcome.Failed(1));
        Assert.Contains(report.Contains("findings", StringComparison.Ordinal) ? "- /temp must be a number" : "GET https://x/", outcome.Out);
    }

    [Theory]
    [InlineData("two.yaml", "several Tools: first, second")]
    [InlineData("none.yaml", "holds no Tool")]
    [InlineData("list.yaml", "stands in a list")]
    [InlineData("missing.yaml", "no file")]
    public async Task A_file_must_hold_the_one_tool(string file, string message)
    {
        using var shell = new Shell(key: Shell.AdminKey);
        shell.Write("two.yaml", Yaml.All(Yaml.Tool("first"), Yaml.Tool("second")));
        shell.Write("none.yaml", Yaml.Tenant);
        shell.Write("list.yaml", "- { kind: Tool, metadata: { name: x } }\n");

        Assert.Contains(message, (await shell.RunAsync("test", "-f", file)).Failed(2));
    }

    [Fact]
    public async Task Status_shows_whatever_the_gateway_knows()
    {
        await using var gateway = await ScriptedUpstream.StartAsync(exchange => exchange.AnswerJsonAsync(
            """{"phase":"Registered","lastCall":"2026-07-28T10:00:00Z","breaker":{"state":"closed"},"somethingNew":[1,2]}"""));
        using var shell = new Shell(gateway.Url, Shell.AdminKey);

        var output = (await shell.RunAsync("status", "get_weather", "-n", "acme")).Succeeded();

        Assert.Equal("Phase:          Registered\nLast call:      2026-07-28T10:00:00Z\nBreaker:\n  state: closed\nSomething new:  1,2\n", output);
        Assert.Equal("/manage/v1/tools/get_weather/status?namespace=acme", gateway.Requests[0].Target);
    }

    [Fact]
    public async Task A_gateway_without_these_says_that_it_is_older()
    {
        await using var gateway = await ScriptedUpstream.StartAsync(exchange => exchange.AnswerAsync(404, "application/json", """{"error":"not_found","message":"There is nothing at this URL."}"""));
        using var shell = new Shell(gateway.Url, Shell.AdminKey);

        Assert.Contains("older than your `stoa`", (await shell.RunAsync("status", "get_weather")).Failed(4));
    }
}
