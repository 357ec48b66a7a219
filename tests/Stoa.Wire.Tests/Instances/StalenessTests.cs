using Stoa.Testing;
using Stoa.Wire.Tests.Manage;

namespace Stoa.Wire.Tests.Instances;

/// <summary>Two instances over one storage, on a clock that stands still: what A changes is effective at B after five seconds at the latest.</summary>
public sealed class StalenessTests : IAsyncLifetime
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    private readonly FakeTime _time = new();
    private TestGateway _a = null!;
    private TestGateway _b = null!;
    private HttpClient _atA = null!;
    private HttpClient _atB = null!;

    public async ValueTask InitializeAsync()
    {
        var ports = TestGateway.InMemory();
        _a = await TestGateway.StartAsync(ports: ports, time: _time);
        _b = await TestGateway.StartAsync(ports: ports, time: _time);
        await _a.ApplyAsync(Yaml.All(Yaml.Tenant(), Yaml.Consumer(), Yaml.Tool()));
        var key = await _a.IssueKeyAsync("acme", "app");
        (_atA, _atB) = (_a.ClientFor(key), _b.ClientFor(key));
        Assert.Equal((200, 200), (await _atA.KnockAsync(), await _atB.KnockAsync()));
    }

    public async ValueTask DisposeAsync()
    {
        await _a.DisposeAsync();
        await _b.DisposeAsync();
    }

    [Fact]
    public async Task A_new_tool_is_there_at_once_here_and_within_five_seconds_elsewhere()
    {
        await _a.ApplyAsync(Yaml.Tool("second"));

        Assert.Equal(["hello", "second"], await _atA.ToolNamesAsync());
        _time.Advance(Fresh - TimeSpan.FromMilliseconds(1));
        Assert.Equal(["hello"], await _atB.ToolNamesAsync());
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(["hello", "second"], await _atB.ToolNamesAsync());
    }

    [Theory]
    [InlineData("revoke", 401)]
    [InlineData("rotate", 401)]
    [InlineData("suspend", 403)]
    [InlineData("suspend tenant", 403)]
    [InlineData("delete", 401)]
    [InlineData("delete tenant", 401)]
    [InlineData("re-create", 401)]
    [InlineData("re-create tenant", 401)]
    public async Task Access_taken_away_is_gone_at_once_here_and_within_five_seconds_elsewhere(string how, int status)
    {
        await TakeAwayAsync(how);

        Assert.Equal(status, await _atA.KnockAsync());
        _time.Advance(Fresh);
        Assert.Equal(status, await _atB.KnockAsync());
    }

    [Fact]
    public async Task A_rollback_is_seen_elsewhere_and_management_reads_are_never_stale()
    {
        await _a.ApplyAsync(Yaml.Tool("second"));
        Assert.Equal(["hello", "second"], (await _b.Admin.ReadAsync("/manage/v1/tools?namespace=acme")).Names);

        await _a.Admin.PostAsync("/manage/v1/tenants/acme/rollback", """{"revision":1}""");

        Assert.Equal(["hello"], (await _b.Admin.ReadAsync("/manage/v1/tools?namespace=acme")).Names);
        _time.Advance(Fresh);
        Assert.Equal(["hello"], await _atB.ToolNamesAsync());
    }

    [Fact]
    public async Task A_key_unknown_a_moment_ago_works_within_five_seconds_of_being_issued()
    {
        using var stranger = _b.ClientFor("stoa_sk_" + new string('A', 43));
        Assert.Equal(401, await stranger.KnockAsync());
        using var fresh = _b.ClientFor(await _a.IssueKeyAsync("acme", "app"));

        Assert.Equal(200, await fresh.KnockAsync());
    }

    [Fact]
    public async Task A_tenant_unknown_a_moment_ago_is_there_within_five_seconds()
    {
        await _a.Admin.RemoveAsync("/manage/v1/tenants/acme");
        _time.Advance(Fresh);
        Assert.Equal(401, await _atB.KnockAsync());
        await _a.ApplyAsync(Yaml.All(Yaml.Tenant(), Yaml.Consumer()));
        using var fresh = _b.ClientFor(await _a.IssueKeyAsync("acme", "app"));

        _time.Advance(Fresh);

        Assert.Equal((200, 401), (await fresh.KnockAsync(), await _atB.KnockAsync()));
    }

    [Fact]
    public async Task A_cursor_of_one_instance_is_good_at_the_other_and_nobody_can_make_one_up()
    {
        await _a.ApplyAsync(Yaml.All([.. Enumerable.Range(0, 120).Select(i => Yaml.Tool($"tool_{i:D3}"))]));
        _time.Advance(Fresh);
        var cursor = (await _atA.ReadAsync("/mcp/v1/tools")).Body.GetProperty("nextCursor").GetString()!;

        var rest = await _atB.ReadAsync($"/mcp/v1/tools?cursor={cursor}");

        // Another character than there is, whatever that is: a signature may end in anything.
        var forged = await _atB.ReadAsync($"/mcp/v1/tools?cursor={cursor[..^2]}{(cursor[^2] == 'A' ? 'B' : 'A')}{cursor[^1]}");

        Assert.Equal(21, rest.Body.GetProperty("tools").GetArrayLength());
        Assert.StartsWith("400 malformed_request: The cursor is not one of this list.", forged.Refusal);
    }

    private async Task TakeAwayAsync(string how)
    {
        const string Keys = "/manage/v1/consumers/acme/app/keys";
        var id = (await _a.Admin.ReadAsync(Keys)).Body.GetProperty("keys")[0].GetProperty("id");
        var reply = how switch
        {
            "revoke" => await _a.Admin.RemoveAsync($"{Keys}/{id}"),
            "rotate" => await _a.Admin.PostAsync($"{Keys}/{id}/rotate", """{"grace":"0s"}"""),
            "suspend" => await _a.Admin.ApplyAsync(Yaml.Consumer(spec: "{ suspended: true }")),
            "suspend tenant" => await _a.Admin.ApplyAsync(Yaml.Tenant(spec: "{ suspended: true }")),
            "delete" or "re-create" => await _a.Admin.RemoveAsync("/manage/v1/consumers/app?namespace=acme"),
            _ => await _a.Admin.RemoveAsync("/manage/v1/tenants/acme"),
        };
        Assert.InRange(reply.Status, 200, 204);
        if (how.StartsWith("re-create", StringComparison.Ordinal))
        {
            await _a.ApplyAsync(Yaml.All(Yaml.Tenant(), Yaml.Consumer()));
        }
    }
}
