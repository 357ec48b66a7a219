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
         "result":{"temp":21},"findings":[],"sent":false,"novelty":{"seen":true},
         "timing":{"totalMs":12,"upstreamMs":9.5,"attempts":[{"waitedMs":0,"elapsedMs":4},{"waitedMs":2,"elapsedMs":3.5,"status":200}]}}
        """;

    [Fact]
    public async Task The_report_is_shown_in_full()
    {
        await using var gateway = await ScriptedUpstream.StartAsync(exchange => exchange.AnswerJsonAsync(exchange.Request.Method == "GET" ? """{"spec":{"inputSchema":{"properties":{"days":{"type":"integer"}}}}}""" : Report));
        using var shell = new Shell(gateway.Url, Shell.AdminKey);

        var outcome = await shell.RunAsync("test", "get_weather", "--arg", "city=Paris", "--arg", "days=3", "-n", "acme");

        var output = outcome.Succeeded();
        Assert.Contains("Request (not sent)\n  GET https://api.example.com/weather?city=Paris&appid=***\n  Accept: application/json\n", output);
        Assert.Contains("Response\n  200\n", output);
        Assert.Contains("Timing\n  total 12 ms, upstream 9.5 ms\n  attempt 1: no answer after 4 ms, having waited 0 ms\n  attempt 2: 200 after 3.5 ms, having waited 2 ms\n", output);
        Assert.Contains("novelty\n", output);
        var request = gateway.Requests[1];
        Assert.Equal("/manage/v1/tools/get_weather/test?namespace=acme", request.Target);
        var body = JsonDocument.Parse(request.Body).RootElement;
        Assert.Equal("""{"city":"Paris","days":3}""", body.GetProperty("arguments").GetRawText());
        Assert.False(body.TryGetProperty("send", out _));
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
        Assert.DoesNotContain("Consumer", document);
        Assert.EndsWith(Yaml.All(Yaml.Secret, Yaml.Tool()).TrimEnd(), document.TrimEnd());
        Assert.Equal(Array.IndexOf(File.ReadAllLines(Path.Combine(shell.Folder, "world.yaml")), "kind: Tool"), Array.IndexOf(document.Split('\n'), "kind: Tool"));
    }

    [Fact]
    public async Task A_live_gateway_tests_a_tool_before_and_after_it_is_applied()
    {
        await using var world = await World.StartAsync(exchange => exchange.AnswerJsonAsync("""{"temp":21}"""));
        world.Shell.Write("next.yaml", Yaml.All(Yaml.Secret.Replace("name: weather", "name: other"), Yaml.Tool("next", $"{world.Upstream!.Url}next").Replace("name: weather, key", "name: other, key")));

        var live = await world.Shell.RunAsync("test", "get_weather", "--arg", "city=Paris");
        var dry = await world.Shell.RunAsync("test", "-f", "next.yaml", "--arg", "city=Paris", "--dry-run");
        var next = await world.Shell.RunAsync("test", "-f", "next.yaml", "--arg", "city=Paris");

        Assert.Contains("Response\n  200\n", live.Succeeded());
        Assert.Contains("/next?city=Paris", dry.Succeeded());
        Assert.DoesNotContain("Response", dry.Out);
        Assert.Contains("\"temp\": 21", next.Succeeded());
        Assert.DoesNotContain("hunter2", live.Everything + dry.Everything + next.Everything);
        Assert.Equal(["/weather", "/next"], world.Upstream.Requests.Select(r => r.Target.Split('?')[0]));
        (await world.Shell.RunAsync("get", "tool", "next")).Failed(4);
    }

    [Fact]
    public async Task A_tool_that_may_change_something_is_sent_only_when_that_is_said()
    {
        await using var world = await World.StartAsync(exchange => exchange.AnswerJsonAsync("{}"));
        world.Shell.Write("post.yaml", Yaml.Tool(endpoint: $"{world.Upstream!.Url}orders").Replace("  timeout", "  method: POST\n  timeout").Replace("readOnlyHint: true", "readOnlyHint: false"));

        var held = await world.Shell.RunAsync("test", "-f", "post.yaml", "--arg", "city=Paris");
        Assert.Empty(world.Upstream.Requests);
        var sent = await world.Shell.RunAsync("test", "-f", "post.yaml", "--arg", "city=Paris", "--send");

        held.Succeeded();
        Assert.Contains("--send", held.Err);
        sent.Succeeded();
        Assert.Single(world.Upstream.Requests);
    }

    [Fact]
    public async Task Faults_of_an_unpublished_tool_name_lines_of_its_file()
    {
        await using var world = await World.StartAsync();
        world.Shell.Write("bad.yaml", "# comment\n" + Yaml.Tool(timeout: "soon"));

        Assert.Contains("line 8, column 12", (await world.Shell.RunAsync("test", "-f", "bad.yaml", "--arg", "city=Paris")).Failed(1));
    }

    [Fact]
    public async Task A_live_gateway_says_how_a_tool_is_doing()
    {
        await using var world = await World.StartAsync();

        var status = (await world.Shell.RunAsync("status", "get_weather")).Succeeded();

        Assert.Matches("^Phase: +Registered\n", status);
        Assert.Matches("(?m)^Breaker: +closed$", status);
        Assert.Matches("(?m)^Status:\n  Phase: +Registered$", (await world.Shell.RunAsync("describe", "tool", "get_weather")).Succeeded());
        (await world.Shell.RunAsync("status", "nothing")).Failed(4);
    }

    [Theory]
    [InlineData("""{"request":{"method":"GET","url":"https://x/"},"error":{"message":"The upstream did not answer in time."}}""", "error: The upstream did not answer in time.")]
    [InlineData("""{"request":{"method":"GET","url":"https://x/"},"error":"refused"}""", "error: refused")]
    [InlineData("""{"result":{},"findings":["/temp must be a number"]}""", "")]
    [InlineData("""{"result":{},"findings":[{"path":"/temp","message":"/temp must be a number"}]}""", "")]
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
            """{"phase":"Registered","lastCall":{"at":"2026-07-28T10:00:00.1234567+00:00","outcome":"ok","status":200,"durationMs":12.5},"breaker":{"state":"closed"},"endpoint":{"reachable":null},"somethingNew":[1,2]}"""));
        using var shell = new Shell(gateway.Url, Shell.AdminKey);

        var output = (await shell.RunAsync("status", "get_weather", "-n", "acme")).Succeeded();

        Assert.Equal("Phase:          Registered\nLast call:      2026-07-28T10:00:00Z, ok, status 200, 12.5 ms\nBreaker:        closed\nEndpoint:       not tried yet\nSomething new:  1,2\n", output);
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
