using Stoa.Testing;

namespace Stoa.Wire.Tests.Mcp;

/// <summary>The gate on concurrent calls: one tenant's slow upstream takes no other tenant's place.</summary>
public sealed class RequestLimitTests
{
    [Theory]
    [InlineData("Stoa:CallsPerTenant", 429, -31020, true)]
    [InlineData("Stoa:CallsPerInstance", 503, -31021, false)]
    public async Task A_call_above_the_limit_is_told_to_come_back_and_the_place_is_given_back(string setting, int status, int code, bool othersPass)
    {
        await using var world = await World.StartAsync(setting, "1");
        var release = new TaskCompletionSource();
        world.UpstreamAnswers(async exchange =>
        {
            await release.Task;
            await Given.Ok(exchange);
        });
        await world.ToolAsync("slow");
        var agent = world.Modern();

        var first = agent.CallAsync("slow");
        await world.Upstream.ArrivedAsync();
        var second = (await agent.CallAsync("slow")).Is(status, code);
        var invoked = await world.InvokeAsync("slow");
        var other = await world.Modern(world.OtherKey).ListAsync();
        release.SetResult();

        Assert.Equal("1", second.Header("Retry-After"));
        Assert.Equal("1", second.Id);
        Assert.Equal((status, "1"), (invoked.Status, invoked.Header("Retry-After")));
        other.Is(othersPass ? 200 : status, othersPass ? 0 : code);
        (await first).IsResult();
        (await agent.CallAsync("slow")).IsResult();
        Assert.Equal(2, world.Upstream.Requests.Count);
    }

    [Theory]
    [InlineData("hidden", "{}")]
    [InlineData("strict", "{}")]
    [InlineData("broken", "{}")]
    public async Task A_call_that_fails_gives_its_place_back(string tool, string arguments)
    {
        await using var world = await World.StartAsync("Stoa:CallsPerTenant", "1");
        world.UpstreamAnswers(exchange =>
        {
            exchange.Reset();
            return Task.CompletedTask;
        });
        await world.ToolAsync("strict", Given.CityInput);
        await world.ToolAsync("broken");

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(200, (await world.Modern().CallAsync(tool, arguments)).Status);
        }
    }

    [Fact]
    public async Task A_client_that_leaves_gives_its_place_back()
    {
        await using var world = await World.StartAsync("Stoa:CallsPerTenant", "1");
        world.UpstreamAnswers(exchange => exchange.Request.Target == "/hang" ? exchange.HangAsync() : Given.Ok(exchange));
        await world.ToolAsync("hang");
        await world.ToolAsync("quick");
        using var leaving = new CancellationTokenSource();

        var left = world.Modern().OpenAsync("tools/call", "\"name\":\"hang\"", ct: leaving.Token);
        await world.Upstream.ArrivedAsync();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        await world.Upstream.ClientLeftAsync();

        // The upstream sees the end a moment before the place is free.
        Reply reply = null!;
        await Eventually.TrueAsync(
            async () => (reply = await world.Modern().CallAsync("quick")).Status != 429, TimeSpan.FromMinutes(1), "the place is given back");
        reply.IsResult();
    }
}
