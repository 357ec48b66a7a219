using Stoa.Testing;

namespace Stoa.Wire.Tests.Manage;

/// <summary>Rollback brings tools back, never access.</summary>
public sealed class RollbackTests : IAsyncLifetime
{
    private TestGateway _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        _gateway = await TestGateway.StartAsync();
        await _gateway.ApplyAsync(Yaml.All(Yaml.Tenant(), Yaml.Consumer(), Yaml.Consumer("other"), Yaml.Tool(), Yaml.Tool("second")));
    }

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    [Fact]
    public async Task Tools_come_back_as_they_were()
    {
        using var app = _gateway.ClientFor(await _gateway.IssueKeyAsync("acme", "app"));
        await _gateway.ApplyAsync(Yaml.All(Yaml.Tool(more: "timeout: 1s"), Yaml.Tool("third")));
        await _gateway.Admin.RemoveAsync("/manage/v1/tools/second?namespace=acme");
        Assert.Equal(["hello", "third"], await app.ToolNamesAsync());

        var reply = await RollBackAsync(1);

        Assert.Equal("""{"tenant":"acme","revision":4,"rolledBackTo":1}""", reply.Text);
        Assert.Equal(["hello", "second"], await app.ToolNamesAsync());
        Assert.Equal("unchanged unchanged", (await _gateway.Admin.ApplyAsync(Yaml.All(Yaml.Tool(), Yaml.Tool("second")))).Statuses);
    }

    [Fact]
    public async Task Suspension_and_deletion_of_consumers_stand()
    {
        using var app = _gateway.ClientFor(await _gateway.IssueKeyAsync("acme", "app"));
        using var other = _gateway.ClientFor(await _gateway.IssueKeyAsync("acme", "other"));
        await _gateway.ApplyAsync(Yaml.Consumer(spec: "{ suspended: true }"));
        await _gateway.Admin.RemoveAsync("/manage/v1/consumers/other?namespace=acme");

        await RollBackAsync(1);

        Assert.Equal((403, 401), (await app.KnockAsync(), await other.KnockAsync()));
        Assert.Equal(404, (await _gateway.Admin.ReadAsync("/manage/v1/consumers/other?namespace=acme")).Status);
    }

    [Fact]
    public async Task A_suspended_tenant_stays_suspended()
    {
        using var app = _gateway.ClientFor(await _gateway.IssueKeyAsync("acme", "app"));
        await _gateway.ApplyAsync(Yaml.Tenant(spec: "{ suspended: true }"));

        await RollBackAsync(1);

        Assert.Equal(403, await app.KnockAsync());
        await _gateway.ApplyAsync(Yaml.Tenant());
        Assert.Equal(200, await app.KnockAsync());
    }

    [Theory]
    [InlineData("""{"revision":99}""", "404 not_found: Tenant 'acme' has no revision 99.")]
    [InlineData("""{"revision":0}""", "404 not_found: Tenant 'acme' has no revision 0.")]
    [InlineData("""{"revision":-1}""", "404 not_found: Tenant 'acme' has no revision -1.")]
    [InlineData("{}", "400 malformed_request: Name the revision to bring back")]
    [InlineData("""{"revision":"1"}""", "400 malformed_body: The body does not fit: see $.revision at line 1. Known members: revision.")]
    [InlineData("""{"revision":1,"force":true}""", "400 malformed_body: The body does not fit: see $.force at line 1.")]
    [InlineData("", "400 malformed_body")]
    public async Task A_revision_that_is_not_there_is_refused(string body, string refusal)
    {
        Assert.StartsWith(refusal, (await _gateway.Admin.PostAsync("/manage/v1/tenants/acme/rollback", body)).Refusal);
    }

    [Fact]
    public async Task The_history_says_who_did_what()
    {
        await _gateway.ApplyAsync(Yaml.Consumer("boss", "{ scopes: [stoa:admin], role: tenant-admin }"));
        using var boss = _gateway.ClientFor(await _gateway.IssueKeyAsync("acme", "boss"));
        await boss.RemoveAsync("/manage/v1/tools/second");
        await boss.PostAsync("/manage/v1/tenants/acme/rollback", """{"revision":2}""");

        var history = (await _gateway.Admin.ReadAsync("/manage/v1/tenants/acme/revisions")).Body.GetProperty("revisions").EnumerateArray()
            .Select(r => $"{r.GetProperty("revision")} {r.GetProperty("by")}: {r.GetProperty("summary")}");

        Assert.Equal(
            [
                "4 boss: Rolled back to revision 2",
                "3 boss: Deleted Tool second",
                "2 administrator: Applied Consumer boss",
                "1 administrator: Applied Tenant acme, Consumer app, Consumer other and 2 more",
            ],
            history);
    }

    private async Task<Reply> RollBackAsync(long revision)
    {
        var reply = await _gateway.Admin.PostAsync("/manage/v1/tenants/acme/rollback", $$"""{"revision":{{revision}}}""");
        Assert.Equal(200, reply.Status);
        return reply;
    }
}
