using Stoa.Testing;

namespace Stoa.Cli.Tests.Commands;

/// <summary>The command line itself: help, misuse, exit codes, and gateways that are not there or not right.</summary>
public sealed class UsageTests
{
    [Fact]
    public async Task Help_tells_the_exit_codes_and_needs_nothing()
    {
        using var shell = new Shell();

        var help = await shell.RunAsync("--help");

        Assert.Matches("(?m)^  0 +done$", help.Succeeded());
        Assert.Matches("(?m)^  5 +the gateway cannot be reached", help.Out);
        Assert.Equal(help.Out, (await shell.RunAsync()).Succeeded());
        Assert.Equal(help.Out, (await shell.RunAsync("-h")).Succeeded());
    }

    [Theory]
    [InlineData("aply", "Did you mean `apply`?")]
    [InlineData("get tools --namspace x", "Did you mean `--namespace`?")]
    [InlineData("get tools --nonsense", "knows no option `--nonsense`")]
    [InlineData("get tools -o xml", "xml")]
    [InlineData("get", "needs <kind>")]
    [InlineData("apply", "-f")]
    [InlineData("rollback acme", "--to")]
    [InlineData("rollback acme --to yesterday", "yesterday")]
    [InlineData("keys", "create, list, rotate, revoke")]
    [InlineData("keys make x", "`stoa keys` knows no command `make`")]
    [InlineData("keys revoke agent", "needs <id>")]
    [InlineData("call", "needs <tool>")]
    [InlineData("test", "needs a tool's name, or a file")]
    [InlineData("describe tool", "needs a kind and a name")]
    [InlineData("get tool/a b", "one too many")]
    [InlineData("completion tcsh", "tcsh")]
    [InlineData("version extra", "extra")]
    [InlineData("get tools --endpoint gateway.example.com", "no URL of a gateway")]
    [InlineData("get tools --endpoint https://user:pass@gateway.example.com", "must have no user")]
    [InlineData("get tools --endpoint ftp://gateway.example.com", "no URL of a gateway")]
    public async Task A_misuse_is_exit_code_2_and_says_what_would_be_right(string line, string message)
    {
        using var shell = new Shell(key: Shell.AdminKey);

        var outcome = await shell.RunAsync(line.Split(' '));

        Assert.Contains(message, outcome.Failed(2));
        Assert.Equal("", outcome.Out);
    }

    [Theory]
    [InlineData("get tools")]
    [InlineData("login")]
    [InlineData("tools")]
    [InlineData("call x")]
    [InlineData("history acme")]
    [InlineData("status x")]
    public async Task No_gateway_is_exit_code_5_and_says_how_to_start_one(string line)
    {
        using var nobody = new ClosedPort();
        using var shell = new Shell(nobody.Url, Shell.AdminKey);

        var errors = (await shell.RunAsync(line.Split(' '))).Failed(5);

        Assert.Contains("the connection was refused", errors);
        Assert.Contains("dotnet run --project functions/Stoa.Functions", errors);
    }

    [Theory]
    [InlineData("get tools -n acme")]
    [InlineData("apply -f t.yaml")]
    [InlineData("diff -f t.yaml")]
    [InlineData("delete tool x -n acme")]
    [InlineData("describe tool x -n acme")]
    [InlineData("keys create acme/agent")]
    [InlineData("keys list acme/agent")]
    [InlineData("history acme")]
    [InlineData("rollback acme --to 1")]
    [InlineData("tools")]
    [InlineData("call x")]
    public async Task A_key_that_is_not_accepted_is_exit_code_3_and_is_not_repeated(string line)
    {
        const string Wrong = "stoa_sk_WrongWrongWrongWrongWrongWrongWrongWrongWro";
        await using var gateway = await TestGateway.StartAsync();
        using var shell = new Shell(gateway.Url, Wrong);
        shell.Write("t.yaml", Yaml.Tenant);

        var outcome = await shell.RunAsync(line.Split(' '));

        Assert.Contains("STOA_KEY gave this key", outcome.Failed(3));
        Assert.DoesNotContain("WrongWrong", outcome.Everything);
        Assert.Equal("", outcome.Out);
    }

    [Theory]
    [InlineData("get tools -n acme")]
    [InlineData("tools")]
    public async Task Without_any_key_the_gateway_is_not_asked(string line)
    {
        await using var gateway = await ScriptedUpstream.StartAsync(exchange => exchange.AnswerJsonAsync("{}"));
        using var shell = new Shell(gateway.Url);

        Assert.Contains("You are not signed in", (await shell.RunAsync(line.Split(' '))).Failed(3));
        Assert.Empty(gateway.Requests);
    }

    [Theory]
    [InlineData(500, "text/html", "<h1>oops</h1>", 5, "does not speak as a Stoa gateway")]
    [InlineData(200, "text/html", "<h1>hello</h1>", 5, "does not speak as a Stoa gateway")]
    [InlineData(404, "text/plain", "not found", 5, "does not speak as a Stoa gateway")]
    [InlineData(503, "application/json", """{"error":"storage_unavailable","message":"Storage does not answer."}""", 5, "Storage does not answer.")]
    [InlineData(429, "application/json", """{"error":"tenant_busy","message":"Too many at once."}""", 5, "Too many at once.")]
    [InlineData(403, "application/json", """{"error":"suspended","message":"This tenant is suspended."}""", 3, "This tenant is suspended.")]
    [InlineData(409, "application/json", """{"error":"conflict","message":"Taken."}""", 1, "Taken.")]
    public async Task Answers_that_are_no_are_told_in_the_gateways_words(int status, string type, string body, int code, string message)
    {
        await using var gateway = await ScriptedUpstream.StartAsync(exchange => exchange.AnswerAsync(status, type, body));
        using var shell = new Shell(gateway.Url, Shell.AdminKey);

        Assert.Contains(message, (await shell.RunAsync("get", "tools", "-n", "acme")).Failed(code));
    }

    [Fact]
    public async Task What_a_gateway_says_cannot_repeat_the_key()
    {
        await using var gateway = await ScriptedUpstream.StartAsync(exchange => exchange.AnswerAsync(
            400, "application/json", $$"""{"error":"malformed_request","message":"You sent {{exchange.Request.Header("Authorization")}}."}"""));
        using var shell = new Shell(gateway.Url, Shell.AdminKey);

        Assert.Contains("You sent Bearer ***.", (await shell.RunAsync("get", "tools")).Failed(1));
    }

    [Fact]
    public async Task A_gateway_that_breaks_off_is_exit_code_5()
    {
        await using var gateway = await ScriptedUpstream.StartAsync(exchange =>
        {
            exchange.Reset();
            return Task.CompletedTask;
        });
        using var shell = new Shell(gateway.Url, Shell.AdminKey);

        Assert.Contains("No gateway answers", (await shell.RunAsync("get", "tools")).Failed(5));
    }

    [Fact]
    public async Task Interrupted_means_130_and_no_stack_trace()
    {
        await using var gateway = await ScriptedUpstream.StartAsync(exchange => exchange.HangAsync());
        using var shell = new Shell(gateway.Url, Shell.AdminKey);
        var running = shell.Start("get", "tools");
        await gateway.ArrivedAsync();

        using var kill = System.Diagnostics.Process.Start("kill", ["-INT", $"{running.Id}"]);
        var outcome = await Shell.FinishAsync(running, "");

        Assert.Equal((130, ""), (outcome.ExitCode, outcome.Everything));
    }

    [Fact]
    public async Task Version_is_a_line()
    {
        using var shell = new Shell();

        Assert.Matches(@"^stoa [0-9]+\.[0-9]+\.[0-9]+", (await shell.RunAsync("version")).Succeeded());
        Assert.Contains("\"version\"", (await shell.RunAsync("version", "-o", "json")).Succeeded());
    }
}
