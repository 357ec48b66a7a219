using System.Text.Json;

namespace Stoa.Cli.Tests.Commands;

/// <summary>API keys of consumers: shown once, alone on standard output.</summary>
public sealed class KeysTests
{
    [Fact]
    public async Task A_fresh_key_is_alone_on_standard_output()
    {
        await using var world = await World.StartAsync();

        var created = await world.Shell.RunAsync("keys", "create", "agent");
        var quiet = await world.Shell.RunAsync("keys", "create", "agent", "-q");

        Assert.Matches("^stoa_sk_[A-Za-z0-9_-]+\n$", created.Succeeded());
        Assert.Contains("shown this once", created.Err);
        Assert.Matches("^stoa_sk_[A-Za-z0-9_-]+\n$", quiet.Succeeded());
        Assert.Equal("", quiet.Err);
        Assert.Equal(200, (int)(await world.Gateway.ClientFor(quiet.Out.Trim()).GetAsync("/mcp/v1/tools")).StatusCode);
    }

    [Fact]
    public async Task A_key_can_be_piped_into_login()
    {
        await using var world = await World.StartAsync();
        var key = (await world.Shell.RunAsync("keys", "create", "agent", "-q")).Succeeded();

        (await world.Shell.PipeAsync(key, "login", "--key-stdin")).Succeeded();
        world.Shell.Set("STOA_KEY", null);

        Assert.Contains("get_weather", (await world.Shell.RunAsync("tools")).Succeeded());
    }

    [Fact]
    public async Task Restrictions_are_passed_on_and_listed()
    {
        await using var world = await World.StartAsync();

        var key = JsonDocument.Parse((await world.Shell.RunAsync(
            "keys", "create", "agent", "--scope", "stoa:read", "--tool", "get_*", "--tool", "other", "--address", "127.0.0.0/8", "--expires-in", "90d", "-o", "json")).Succeeded()).RootElement;
        var list = (await world.Shell.RunAsync("keys", "list", "agent")).Succeeded();

        Assert.Equal(["get_*", "other"], key.GetProperty("tools").EnumerateArray().Select(t => t.GetString()));
        Assert.Contains(key.GetProperty("id").GetString()!, list);
        Assert.Contains("get_*,other", list);
        Assert.DoesNotContain(key.GetProperty("key").GetString()!, list);
    }

    [Fact]
    public async Task A_rotated_key_hands_over_and_a_revoked_one_ends()
    {
        await using var world = await World.StartAsync();
        var old = JsonDocument.Parse((await world.Shell.RunAsync("keys", "create", "agent", "-o", "json")).Succeeded()).RootElement;
        var oldKey = old.GetProperty("key").GetString()!;

        var rotated = await world.Shell.RunAsync("keys", "rotate", "agent", old.GetProperty("id").GetString()!);
        var listed = JsonDocument.Parse((await world.Shell.RunAsync("keys", "list", "agent", "-o", "json")).Succeeded()).RootElement.GetProperty("keys");
        var fresh = listed.EnumerateArray().Single(k => !k.TryGetProperty("replacedBy", out _)).GetProperty("id").GetString()!;
        var revoked = await world.Shell.RunAsync("keys", "revoke", "agent", fresh);

        Assert.DoesNotContain(oldKey, rotated.Everything);
        Assert.Equal($"key/{fresh} revoked\n", revoked.Succeeded());
        Assert.Equal(200, (int)(await world.Gateway.ClientFor(oldKey).GetAsync("/mcp/v1/tools")).StatusCode);
        Assert.Equal(401, (int)(await world.Gateway.ClientFor(rotated.Succeeded().Trim()).GetAsync("/mcp/v1/tools")).StatusCode);
        Assert.Matches($"{fresh} +[^ ]+ +revoked", (await world.Shell.RunAsync("keys", "list", "agent")).Succeeded());
    }

    [Fact]
    public async Task Refusals_say_what_is_wrong()
    {
        await using var world = await World.StartAsync();

        Assert.Contains("is no scope", (await world.Shell.RunAsync("keys", "create", "agent", "--scope", "all")).Failed(1));
        Assert.Contains("There is no Consumer 'nobody'", (await world.Shell.RunAsync("keys", "create", "nobody")).Failed(4));
        Assert.Contains("no key key_0", (await world.Shell.RunAsync("keys", "revoke", "agent", "key_0")).Failed(4));
        Assert.Contains("has no key", (await world.Shell.RunAsync("keys", "rotate", "agent", "key_0")).Failed(4));
    }
}
