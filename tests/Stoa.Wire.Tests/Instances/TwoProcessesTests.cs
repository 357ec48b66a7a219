using Stoa.Testing;
using Stoa.Wire.Tests.Manage;

namespace Stoa.Wire.Tests.Instances;

/// <summary>Instances that share nothing but storage behave as one gateway.</summary>
public sealed class TwoProcessesTests(SharedStorage shared) : IClassFixture<SharedStorage>, IDisposable
{
    // The rule says five, and StalenessTests hold it to that on a clock of their own; the rest is for a slow machine.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly HttpClient _a = shared.A.ClientFor(TestGateway.AdminKey);
    private readonly HttpClient _b = shared.B.ClientFor(TestGateway.AdminKey);

    public void Dispose()
    {
        _a.Dispose();
        _b.Dispose();
    }

    [Fact]
    public async Task A_change_on_one_instance_is_effective_on_the_other()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(exchange => exchange.AnswerJsonAsync("""{"ok":true}"""));
        await ApplyAsync(_a, Yaml.All(
            Yaml.Tenant("globex"), Yaml.Consumer(tenant: "globex", spec: "{ scopes: [stoa:write] }"), Yaml.Consumer("lost", tenant: "globex"), Yaml.Consumer("held", tenant: "globex"),
            Yaml.Tool(tenant: "globex", endpoint: upstream.Url.ToString())));
        using var app = shared.B.ClientFor(await IssueAsync("app"));
        using var lost = shared.B.ClientFor(await IssueAsync("lost"));
        using var held = shared.B.ClientFor(await IssueAsync("held"));
        Assert.Equal((200, 200, 200), (await app.KnockAsync(), await lost.KnockAsync(), await held.KnockAsync()));
        Assert.Equal("""{"result":{"ok":true},"isError":false}""", (await app.PostAsync("/mcp/v1/tools/hello/invoke")).Text);

        await ApplyAsync(_a, Yaml.All(Yaml.Tool("second", tenant: "globex"), Yaml.Consumer("held", "{ suspended: true }", "globex")));
        var id = (await _a.ReadAsync("/manage/v1/consumers/globex/lost/keys")).Body.GetProperty("keys")[0].GetProperty("id");
        Assert.Equal(204, (await _a.RemoveAsync($"/manage/v1/consumers/globex/lost/keys/{id}")).Status);

        await Eventually.TrueAsync(async () => await lost.KnockAsync() == 401, Deadline, "the revoked key is refused at B");
        await Eventually.TrueAsync(async () => await held.KnockAsync() == 403, Deadline, "the suspended consumer is refused at B");
        await Eventually.TrueAsync(async () => await app.ToolNamesAsync() is ["hello", "second"], Deadline, "the new tool is served at B");

        Assert.Equal(200, (await _a.PostAsync("/manage/v1/tenants/globex/rollback", """{"revision":1}""")).Status);
        await Eventually.TrueAsync(async () => await app.ToolNamesAsync() is ["hello"], Deadline, "the rollback is seen at B");
        Assert.Equal(403, await held.KnockAsync());

        async Task<string> IssueAsync(string consumer) =>
            (await _a.PostAsync($"/manage/v1/consumers/globex/{consumer}/keys")).Body.GetProperty("key").GetString()!;
    }

    [Fact]
    public async Task A_cursor_of_one_instance_is_good_at_the_other()
    {
        await ApplyAsync(_a, Yaml.All([Yaml.Tenant("initech"), Yaml.Consumer(tenant: "initech"), .. Enumerable.Range(0, 110).Select(i => Yaml.Tool($"tool_{i:D3}", tenant: "initech"))]));
        var key = (await _a.PostAsync("/manage/v1/consumers/initech/app/keys")).Body.GetProperty("key").GetString()!;
        using var atA = shared.A.ClientFor(key);
        using var atB = shared.B.ClientFor(key);

        var first = await atA.ReadAsync("/mcp/v1/tools");
        var second = await atB.ReadAsync($"/mcp/v1/tools?cursor={first.Body.GetProperty("nextCursor")}");

        Assert.Equal((100, 10), (first.Body.GetProperty("tools").GetArrayLength(), second.Body.GetProperty("tools").GetArrayLength()));
    }

    [Fact]
    public async Task Applies_on_both_at_once_all_land()
    {
        const int Each = 8;
        await ApplyAsync(_a, Yaml.Tenant("umbrella"));

        var applies = Enumerable.Range(0, 2 * Each).Select(i => ApplyAsync(i % 2 == 0 ? _a : _b, Yaml.Tool($"tool_{i:D2}", tenant: "umbrella")));
        await Task.WhenAll(applies);

        Assert.Equal(Enumerable.Range(0, 2 * Each).Select(i => $"tool_{i:D2}"), (await _b.ReadAsync("/manage/v1/tools?namespace=umbrella")).Names);
        var revisions = (await _a.ReadAsync("/manage/v1/tenants/umbrella/revisions")).Body.GetProperty("revisions").EnumerateArray().Select(r => r.GetProperty("revision").GetInt64());
        Assert.Equal(Enumerable.Range(1, 1 + (2 * Each)).Select(i => (long)i).Reverse(), revisions);
    }

    [Fact]
    public async Task An_instance_killed_in_the_middle_of_applies_leaves_the_state_whole_and_the_others_going()
    {
        await ApplyAsync(_a, Yaml.Tenant());
        foreach (var kill in new[] { 1, 4 })
        {
            await Pairs.ApplyAsync(_a, 0);
            await using var doomed = await shared.StartAsync();
            using var admin = doomed.ClientFor(TestGateway.AdminKey);

            var acknowledged = await Pairs.ApplyUntilKilledAsync(admin, doomed, kill);

            Assert.InRange(await Pairs.ReadAsync(_b), acknowledged, acknowledged + 1);
            await Pairs.ApplyAsync(_b, 100);
            Assert.Equal(100, await Pairs.ReadAsync(_a));
        }
    }

    private static async Task ApplyAsync(HttpClient admin, string yaml)
    {
        var reply = await Pairs.LandAsync(admin, yaml);
        Assert.True(reply.Status == 200, reply.Text);
    }
}
