using Stoa.Testing;

namespace Stoa.Wire.Tests.Mcp;

/// <summary>Long lists: complete, without repetition, under cursors that nobody can make up.</summary>
public sealed class PagingTests
{
    private static readonly string[] Names = [.. Enumerable.Range(0, 250).Select(i => $"tool_{i:000}")];

    [Theory]
    [InlineData(Revision.Modern)]
    [InlineData(Revision.V2024)]
    public async Task Pages_hold_every_tool_once_and_in_order(string revision)
    {
        await using var world = await WithToolsAsync();

        Assert.Equal(Names, await AllAsync(cursor => world.Agent(revision).ListAsync(cursor)));
        Assert.Equal(Names, await AllAsync(cursor => RestPageAsync(world, cursor)));
    }

    [Fact]
    public async Task A_key_that_sees_few_tools_gets_full_pages_of_them()
    {
        await using var world = await WithToolsAsync();
        var agent = world.Modern(await world.IssueKeyAsync("agent", """{"tools":["tool_1*","tool_24*"]}"""));

        var first = (await agent.ListAsync()).IsResult().Result;

        Assert.Equal(100, first.GetProperty("tools").GetArrayLength());
        Assert.Equal(Names.Where(n => n[5] == '1' || n[5..7] == "24"), await AllAsync(cursor => agent.ListAsync(cursor)));
    }

    [Fact]
    public async Task A_cursor_outlives_changes_of_the_list()
    {
        await using var world = await WithToolsAsync();
        var agent = world.Modern();
        var cursor = (await agent.ListAsync()).Result.GetProperty("nextCursor").GetString();
        await world.ToolAsync("aaa_before");
        await world.ToolAsync("zzz_after");
        await world.ToolAsync("tool_099b");
        Assert.Equal(200, (int)(await world.Gateway.Admin.DeleteAsync("/manage/v1/tools/tool_099?namespace=acme")).StatusCode / 100 * 100);

        var rest = new List<string>();
        for (var next = cursor; next is not null;)
        {
            var page = (await agent.ListAsync(next)).IsResult().Result;
            rest.AddRange(page.GetProperty("tools").EnumerateArray().Select(t => t.GetProperty("name").GetString()!));
            next = page.TryGetProperty("nextCursor", out var more) ? more.GetString() : null;
        }

        Assert.Equal(["tool_099b", .. Names[100..], "zzz_after"], rest);
    }

    [Fact]
    public async Task A_cursor_is_good_on_every_instance()
    {
        var ports = TestGateway.InMemory();
        await using var one = await WithToolsAsync(ports);
        await using var two = await TestGateway.StartAsync(ports: ports);
        var cursor = (await one.Modern().ListAsync()).Result.GetProperty("nextCursor").GetString();
        using var http = two.ClientFor(one.Key);

        var page = (await new Agent(http, Revision.Modern, one.Secrecy).ListAsync(cursor)).IsResult().Result;

        Assert.Equal("tool_100", page.GetProperty("tools")[0].GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_cursor_that_was_not_given_to_this_tenant_is_invalid_params()
    {
        await using var world = await WithToolsAsync();
        var cursor = (await world.Modern().ListAsync()).Result.GetProperty("nextCursor").GetString()!;
        var middle = cursor.Length / 2;
        string[] tampered =
        [
            "", "x", "tool_100", "dG9vbF8xMDA", cursor + "A", cursor[..^1], cursor.ToUpperInvariant(),
            cursor[..middle] + (cursor[middle] == 'A' ? 'B' : 'A') + cursor[(middle + 1)..],
            new('c', 100_000), "世界", "a\0b",
        ];

        foreach (var revision in Revision.All)
        {
            foreach (var bad in tampered)
            {
                (await world.Agent(revision).ListAsync(bad)).Is(200, -32602);
            }

            (await world.Agent(revision, world.OtherKey).ListAsync(cursor)).Is(200, -32602);
        }

        Assert.Equal(400, (await RestPageAsync(world, "x")).Status);
        Assert.Equal(400, (await world.RestAsync(HttpMethod.Get, $"/mcp/v1/tools?cursor={Uri.EscapeDataString(cursor)}", key: world.OtherKey)).Status);
    }

    [Fact]
    public async Task A_cursor_shows_neither_tenant_nor_more_than_the_caller_saw_when_the_key_sees_less()
    {
        await using var world = await WithToolsAsync();
        var cursor = (await world.Modern().ListAsync()).Result.GetProperty("nextCursor").GetString();
        var narrow = world.Modern(await world.IssueKeyAsync("agent", """{"tools":["tool_249"]}"""));

        var page = (await narrow.ListAsync(cursor)).IsResult().Result;

        Assert.Equal("tool_249", Assert.Single(page.GetProperty("tools").EnumerateArray()).GetProperty("name").GetString());
    }

    private static async Task<World> WithToolsAsync(Stoa.Gateway.GatewayPorts? ports = null)
    {
        var world = await World.StartAsync(ports: ports);
        foreach (var chunk in Names.Reverse().Chunk(50))
        {
            await world.ApplyAsync([.. chunk.Select(name => Given.Tool(name, $"{world.Upstream.Url}{name}"))]);
        }

        return world;
    }

    private static Task<Reply> RestPageAsync(World world, string? cursor) =>
        world.RestAsync(HttpMethod.Get, "/mcp/v1/tools" + (cursor is null ? "" : "?cursor=" + Uri.EscapeDataString(cursor)));

    private static async Task<IReadOnlyList<string>> AllAsync(Func<string?, Task<Reply>> page)
    {
        var names = new List<string>();
        string? cursor = null;
        do
        {
            var reply = await page(cursor);
            var result = reply.Json.TryGetProperty("result", out var inner) ? inner : reply.Json;
            names.AddRange(result.GetProperty("tools").EnumerateArray().Select(t => t.GetProperty("name").GetString()!));
            cursor = result.TryGetProperty("nextCursor", out var next) ? next.GetString() : null;
        }
        while (cursor is not null);
        return names;
    }
}
