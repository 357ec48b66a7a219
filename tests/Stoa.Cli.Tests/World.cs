using Stoa.Testing;

namespace Stoa.Cli.Tests;

/// <summary>A gateway with one tenant (<c>acme</c>: a consumer, a secret, a tool) and a shell in which its administrator is at work.</summary>
internal sealed class World : IAsyncDisposable
{
    private World(TestGateway gateway, ScriptedUpstream? upstream)
    {
        Gateway = gateway;
        Upstream = upstream;
        Shell = new(gateway.Url, Shell.AdminKey);
        Shell.Set("STOA_NAMESPACE", "acme");
    }

    public TestGateway Gateway { get; }

    public Shell Shell { get; }

    /// <summary>What the tool calls, when there is a script for it.</summary>
    public ScriptedUpstream? Upstream { get; }

    public static async Task<World> StartAsync(Func<ScriptedExchange, Task>? script = null, TimeProvider? time = null)
    {
        var upstream = script is null ? null : await ScriptedUpstream.StartAsync(script);
        var gateway = await TestGateway.StartAsync(time: time);
        await gateway.ApplyAsync(upstream is null ? Yaml.World() : Yaml.World($"{upstream.Url}weather"));
        return new(gateway, upstream);
    }

    /// <summary>Puts the consumer's key in the shell.</summary>
    public async Task<string> BecomeConsumerAsync()
    {
        var key = await Gateway.IssueKeyAsync("acme", "agent");
        Shell.Set("STOA_KEY", key);
        return key;
    }

    public async ValueTask DisposeAsync()
    {
        Shell.Dispose();
        await Gateway.DisposeAsync();
        await (Upstream?.DisposeAsync() ?? ValueTask.CompletedTask);
    }
}
