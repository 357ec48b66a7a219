using Stoa.Testing;

namespace Stoa.Wire.Tests.Manage;

/// <summary>Who may do what: administrators everything, tenant-admins their own tenant, viewers look, others nothing.</summary>
public sealed class RightsTests : IAsyncLifetime
{
    private TestGateway _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        _gateway = await TestGateway.StartAsync();
        await _gateway.ApplyAsync(Yaml.All(
            Yaml.Tenant(),
            Yaml.Consumer("boss", "{ scopes: [stoa:admin], role: tenant-admin }"),
            Yaml.Consumer("reader", "{ scopes: [stoa:read], role: viewer }"),
            Yaml.Consumer("half", "{ scopes: [stoa:write], role: tenant-admin }"),
            Yaml.Consumer("plain", "{ scopes: [stoa:admin] }"),
            Yaml.Tenant("globex"),
            Yaml.Consumer("rival", tenant: "globex"),
            Yaml.Tool(tenant: "globex")));
    }

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    [Fact]
    public async Task A_tenant_admin_changes_its_own_tenant_and_no_other()
    {
        var boss = await ClientOf("boss");

        var reply = await boss.ApplyAsync(Yaml.All(Yaml.Document("Consumer", "name: app", "{}"), Yaml.Tool(), Yaml.Tool("evil", tenant: "globex"), Yaml.Tenant("globex"), Yaml.Tenant("initech")));

        Assert.Equal((207, "created created forbidden forbidden forbidden"), (reply.Status, reply.Statuses));
        Assert.Equal("""{"acme":2}""", reply.Body.GetProperty("revisions").GetRawText());
        Assert.Contains("may change its own tenant only", reply.Faults(3));
        Assert.Equal(404, (await _gateway.Admin.ReadAsync("/manage/v1/tools/evil?namespace=globex")).Status);
        Assert.Equal(404, (await _gateway.Admin.ReadAsync("/manage/v1/tenants/initech")).Status);
    }

    [Fact]
    public async Task A_tenant_admin_does_not_touch_its_own_Tenant()
    {
        var boss = await ClientOf("boss");

        var reply = await boss.ApplyAsync(Yaml.Tenant(spec: "{ displayName: Mine }"));
        var delete = await boss.RemoveAsync("/manage/v1/tenants/acme");

        Assert.Equal((400, "forbidden"), (reply.Status, reply.Statuses));
        Assert.StartsWith("403 role_required", delete.Refusal);
        Assert.Equal(200, (await boss.ReadAsync("/manage/v1/tenants/acme")).Status);
    }

    [Fact]
    public async Task Other_tenants_do_not_exist_for_a_tenant_admin()
    {
        var boss = await ClientOf("boss");
        string[] paths =
        [
            "/manage/v1/tenants/globex", "/manage/v1/tools?namespace=globex", "/manage/v1/tools/hello?namespace=globex",
            "/manage/v1/tenants/globex/revisions", "/manage/v1/consumers/globex/rival/keys",
        ];

        foreach (var path in paths)
        {
            var theirs = await boss.ReadAsync(path);
            var nobodys = await boss.ReadAsync(path.Replace("globex", "nobody", StringComparison.Ordinal));

            Assert.Equal(404, theirs.Status);
            Assert.Equal(nobodys.Refusal.Replace("nobody", "globex", StringComparison.Ordinal), theirs.Refusal);
        }

        Assert.Equal(404, (await boss.PostAsync("/manage/v1/consumers/globex/rival/keys")).Status);
        Assert.Equal(404, (await boss.PostAsync("/manage/v1/tenants/globex/rollback", """{"revision":1}""")).Status);
        Assert.Equal(404, (await boss.RemoveAsync("/manage/v1/tools/hello?namespace=globex")).Status);
        Assert.Equal(["acme"], (await boss.ReadAsync("/manage/v1/tenants")).Names);
        Assert.Equal(["acme", "globex"], (await _gateway.Admin.ReadAsync("/manage/v1/tenants")).Names);
    }

    [Fact]
    public async Task A_viewer_reads_and_changes_nothing()
    {
        var reader = await ClientOf("reader");

        Assert.Equal(200, (await reader.ReadAsync("/manage/v1/consumers")).Status);
        Assert.Equal(200, (await reader.ReadAsync("/manage/v1/tenants/acme/revisions")).Status);
        Assert.Equal(200, (await reader.ReadAsync("/manage/v1/consumers/acme/boss/keys")).Status);
        await AssertNothingChangesAsync(reader, "403 role_required");
    }

    [Fact]
    public async Task A_role_without_the_scope_changes_nothing()
    {
        var half = await ClientOf("half");

        Assert.Equal(200, (await half.ReadAsync("/manage/v1/consumers")).Status);
        await AssertNothingChangesAsync(half, "403 insufficient_scope");
        Assert.Contains("scope=\"stoa:admin\"", (await half.ApplyAsync(Yaml.Tool())).Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task A_scope_without_a_role_does_not_even_read()
    {
        var plain = await ClientOf("plain");

        Assert.StartsWith("403 role_required", (await plain.ReadAsync("/manage/v1/consumers")).Refusal);
        Assert.StartsWith("403 role_required", (await plain.ReadAsync("/manage/v1/schemas")).Refusal);
        await AssertNothingChangesAsync(plain, "403 role_required");
    }

    [Fact]
    public async Task A_narrowed_key_of_a_tenant_admin_changes_nothing()
    {
        using var client = _gateway.ClientFor(await _gateway.IssueKeyAsync("acme", "boss", """{"scopes":["stoa:read"]}"""));

        await AssertNothingChangesAsync(client, "403 insufficient_scope");
    }

    [Fact]
    public async Task The_key_ring_is_rotated_by_administrators_only()
    {
        var boss = await ClientOf("boss");

        Assert.StartsWith("403 role_required", (await boss.PostAsync("/manage/v1/keyring/rotate")).Refusal);
        Assert.Equal(200, (await _gateway.Admin.PostAsync("/manage/v1/keyring/rotate")).Status);
    }

    [Fact]
    public async Task A_suspended_tenant_or_consumer_manages_nothing()
    {
        var boss = await ClientOf("boss");
        await _gateway.ApplyAsync(Yaml.Tenant(spec: "{ suspended: true }"));

        Assert.StartsWith("403 suspended", (await boss.ApplyAsync(Yaml.Tool())).Refusal);
        await _gateway.ApplyAsync(Yaml.All(Yaml.Tenant(), Yaml.Consumer("boss", "{ scopes: [stoa:admin], role: tenant-admin, suspended: true }")));
        Assert.StartsWith("403 suspended", (await boss.ApplyAsync(Yaml.Consumer("boss", "{ scopes: [stoa:admin], role: tenant-admin }"))).Refusal);
    }

    [Fact]
    public async Task History_of_a_former_tenant_is_not_shown_to_the_next()
    {
        await _gateway.Admin.RemoveAsync("/manage/v1/tenants/acme");
        await _gateway.ApplyAsync(Yaml.All(Yaml.Tenant(), Yaml.Consumer("reader", "{ role: viewer }")));
        var reader = await ClientOf("reader");

        Assert.Equal(1, (await reader.ReadAsync("/manage/v1/tenants/acme/revisions")).Body.GetProperty("revisions").GetArrayLength());
        Assert.Equal(3, (await _gateway.Admin.ReadAsync("/manage/v1/tenants/acme/revisions")).Body.GetProperty("revisions").GetArrayLength());
    }

    private async Task<HttpClient> ClientOf(string consumer) => _gateway.ClientFor(await _gateway.IssueKeyAsync("acme", consumer));

    private static async Task AssertNothingChangesAsync(HttpClient client, string refusal)
    {
        Reply[] replies =
        [
            await client.ApplyAsync(Yaml.Tool()),
            await client.ApplyAsync(Yaml.Tool(), "?dryRun=true"),
            await client.RemoveAsync("/manage/v1/consumers/plain"),
            await client.PostAsync("/manage/v1/consumers/acme/reader/keys"),
            await client.PostAsync("/manage/v1/consumers/acme/reader/keys/key_0/rotate"),
            await client.RemoveAsync("/manage/v1/consumers/acme/reader/keys/key_0"),
            await client.PostAsync("/manage/v1/tenants/acme/rollback", """{"revision":1}"""),
            await client.PostAsync("/manage/v1/keyring/rotate"),
        ];
        Assert.All(replies, reply => Assert.StartsWith(refusal, reply.Refusal));
    }
}
