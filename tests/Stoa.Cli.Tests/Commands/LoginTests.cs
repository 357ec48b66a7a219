using System.Text.Json;
using Stoa.Testing;

namespace Stoa.Cli.Tests.Commands;

/// <summary>What login keeps, where, and where its keys go.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class LoginTests
{
    [Fact]
    public async Task A_key_is_kept_for_its_owner_only_and_used_from_then_on()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var shell = new Shell();

        var login = await shell.PipeAsync(Shell.AdminKey + "\n", "login", "--key-stdin", "--endpoint", gateway.Url.ToString());
        (await shell.RunAsync("get", "tenants")).Succeeded();

        login.Succeeded();
        Assert.Contains("may manage", login.Err);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(shell.LoginPath));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(shell.LoginPath)!));
        Assert.Equal([Path.GetFileName(shell.LoginPath)], Directory.GetFiles(Path.GetDirectoryName(shell.LoginPath)!).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Without_STOA_CONFIG_the_login_is_in_the_home_folder()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var shell = new Shell(gateway.Url, Shell.AdminKey);
        shell.Set("STOA_CONFIG", null);

        (await shell.RunAsync("login")).Succeeded();

        var path = Path.Combine(shell.Folder, ".config", "stoa", "config.json");
        Assert.Equal(Shell.AdminKey, JsonDocument.Parse(File.ReadAllText(path)).RootElement.GetProperty("key").GetString());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public async Task A_file_that_others_could_read_is_closed_by_the_next_login()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var shell = new Shell(gateway.Url, Shell.AdminKey);
        (await shell.RunAsync("login")).Succeeded();
        File.SetUnixFileMode(shell.LoginPath, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

        var warned = await shell.RunAsync("get", "tenants");
        (await shell.RunAsync("login")).Succeeded();

        Assert.Contains("chmod 600", warned.Err);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(shell.LoginPath));
    }

    [Theory]
    [InlineData("stoa_admin_this-is-not-the-key-0123456789-0123")]
    [InlineData("stoa_sk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("nonsense")]
    public async Task A_wrong_key_is_not_kept(string key)
    {
        await using var gateway = await TestGateway.StartAsync();
        using var shell = new Shell(gateway.Url);

        var login = await shell.PipeAsync(key, "login", "--key-stdin");

        Assert.Contains("does not accept the key", login.Failed(3));
        Assert.DoesNotContain(key, login.Everything);
        Assert.False(File.Exists(shell.LoginPath));
    }

    [Fact]
    public async Task A_wrong_key_leaves_the_login_that_was_there()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var shell = new Shell(gateway.Url, Shell.AdminKey);
        (await shell.RunAsync("login", "-n", "acme")).Succeeded();
        var before = File.ReadAllText(shell.LoginPath);

        (await shell.PipeAsync("wrong", "login", "--key-stdin")).Failed(3);

        Assert.Equal(before, File.ReadAllText(shell.LoginPath));
    }

    [Fact]
    public async Task A_manager_and_a_consumer_share_one_login()
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.ApplyAsync(Yaml.World());
        using var shell = new Shell();
        (await shell.PipeAsync(Shell.AdminKey, "login", "--key-stdin", "--endpoint", gateway.Url.ToString(), "-n", "acme")).Succeeded();

        var before = await shell.RunAsync("tools");
        var login = await shell.PipeAsync(await gateway.IssueKeyAsync("acme", "agent"), "login", "--key-stdin");

        Assert.Contains("consumer's key", before.Failed(3));
        Assert.Contains("may call tools", login.Err);
        Assert.Contains("get_weather", (await shell.RunAsync("tools")).Succeeded());
        Assert.Contains("get_weather", (await shell.RunAsync("get", "tools")).Succeeded());
    }

    [Fact]
    public async Task A_tenants_own_administrator_manages_and_calls_with_one_key()
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.ApplyAsync(Yaml.World().Replace("spec: { scopes: [stoa:write] }", "spec: { scopes: [stoa:admin], role: tenant-admin }"));
        using var shell = new Shell(gateway.Url);

        var login = await shell.PipeAsync(await gateway.IssueKeyAsync("acme", "agent"), "login", "--key-stdin");

        Assert.Contains("may manage and call tools; tenant acme", login.Err);
        Assert.Contains("agent", (await shell.RunAsync("keys", "list", "agent")).Err + (await shell.RunAsync("get", "consumers")).Succeeded());
    }

    [Fact]
    public async Task A_stored_key_goes_to_no_other_gateway()
    {
        await using var gateway = await TestGateway.StartAsync();
        await using var stranger = await ScriptedUpstream.StartAsync(exchange => exchange.AnswerJsonAsync("{}"));
        using var shell = new Shell(gateway.Url, Shell.AdminKey);
        (await shell.RunAsync("login")).Succeeded();
        shell.Set("STOA_KEY", null);

        var elsewhere = await shell.RunAsync("get", "tenants", "--endpoint", stranger.Url.ToString());

        Assert.Contains("signed in to another gateway", elsewhere.Failed(3));
        Assert.Empty(stranger.Requests);
    }

    [Fact]
    public async Task A_redirect_is_not_followed_with_the_key()
    {
        await using var thief = await ScriptedUpstream.StartAsync(exchange => exchange.AnswerJsonAsync("{}"));
        await using var gateway = await ScriptedUpstream.StartAsync(exchange => exchange.RedirectAsync(thief.Url.ToString(), 307));
        using var shell = new Shell(gateway.Url, Shell.AdminKey);

        Assert.Contains("redirects to", (await shell.RunAsync("get", "tenants")).Failed(5));
        Assert.Empty(thief.Requests);
    }

    [Theory]
    [InlineData("http://gateway.invalid")]
    [InlineData("http://192.0.2.1:7071")]
    [InlineData("http://127.0.0.1.gateway.invalid")]
    public async Task A_key_does_not_travel_over_plain_http(string endpoint)
    {
        using var shell = new Shell(new Uri(endpoint), Shell.AdminKey);

        Assert.Contains("--insecure", (await shell.RunAsync("login")).Failed(2));
        Assert.Contains("--insecure", (await shell.RunAsync("get", "tools")).Failed(2));
        Assert.False(File.Exists(shell.LoginPath));
    }

    [Fact]
    public async Task Insecure_says_that_plain_http_is_meant()
    {
        using var shell = new Shell(new Uri("http://gateway.invalid"), Shell.AdminKey);

        (await shell.RunAsync("get", "tools", "--insecure")).Failed(5);
    }

    [Fact]
    public async Task A_key_typed_at_the_terminal_is_not_shown()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var shell = new Shell(gateway.Url);

        var login = await shell.AtTerminalAsync(Shell.AdminKey + "\n", "login");

        Assert.Contains("Key for", login.Succeeded());
        Assert.Contains(Shell.AdminKey, File.ReadAllText(shell.LoginPath));
    }

    [Fact]
    public async Task Without_a_terminal_nothing_waits_for_a_key()
    {
        using var shell = new Shell();

        Assert.Contains("--key-stdin", (await shell.RunAsync("login")).Failed(2));
    }

    [Fact]
    public async Task Logout_forgets()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var shell = new Shell(gateway.Url, Shell.AdminKey);
        (await shell.RunAsync("login")).Succeeded();
        shell.Set("STOA_KEY", null);

        (await shell.RunAsync("logout")).Succeeded();

        Assert.False(File.Exists(shell.LoginPath));
        Assert.Contains("stoa login", (await shell.RunAsync("get", "tenants")).Failed(3));
        (await shell.RunAsync("logout")).Succeeded();
    }

    [Fact]
    public async Task A_broken_login_file_is_named()
    {
        using var shell = new Shell();
        shell.Write("login/config.json", "{ not json");

        Assert.Contains(shell.LoginPath, (await shell.RunAsync("get", "tools")).Failed(2));
    }
}
