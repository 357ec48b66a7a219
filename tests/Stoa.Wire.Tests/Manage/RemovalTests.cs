using Stoa.Testing;

namespace Stoa.Wire.Tests.Manage;

/// <summary>What deleting takes with it, and that nothing of it revives.</summary>
public sealed class RemovalTests : IAsyncLifetime
{
    private TestGateway _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        _gateway = await TestGateway.StartAsync();
        await _gateway.ApplyAsync(Yaml.All(Yaml.Tenant(), Yaml.Consumer(), Yaml.Tool()));
    }

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    [Fact]
    public async Task A_deleted_tool_is_gone_on_the_next_call()
    {
        using var app = _gateway.ClientFor(await _gateway.IssueKeyAsync("acme", "app"));
        Assert.Equal(["hello"], await app.ToolNamesAsync());

        Assert.Equal(204, (await _gateway.Admin.RemoveAsync("/manage/v1/tools/hello?namespace=acme")).Status);

        Assert.Empty(await app.ToolNamesAsync());
        Assert.Equal("404 not_found: There is no Tool 'hello'.", (await _gateway.Admin.RemoveAsync("/manage/v1/tools/hello?namespace=acme")).Refusal);
    }

    [Theory]
    [InlineData("\"0011223344556677\"")]
    [InlineData("\"a\", \"b\"")]
    [InlineData("W/{0}")]
    [InlineData("no quotes")]
    public async Task A_version_that_is_not_the_stored_one_deletes_nothing(string ifMatch)
    {
        var tag = (await _gateway.Admin.ReadAsync("/manage/v1/tools/hello?namespace=acme")).Headers.ETag!.ToString();

        var reply = await _gateway.Admin.RemoveAsync("/manage/v1/tools/hello?namespace=acme", ("If-Match", ifMatch.Replace("{0}", tag, StringComparison.Ordinal)));

        Assert.StartsWith("412 version_mismatch: The stored Tool has version ", reply.Refusal);
        Assert.Equal(200, (await _gateway.Admin.ReadAsync("/manage/v1/tools/hello?namespace=acme")).Status);
    }

    [Theory]
    [InlineData("{0}")]
    [InlineData("\"other\", {0}")]
    [InlineData("*")]
    public async Task The_stored_version_is_deleted(string ifMatch)
    {
        var tag = (await _gateway.Admin.ReadAsync("/manage/v1/tools/hello?namespace=acme")).Headers.ETag!.ToString();

        var reply = await _gateway.Admin.RemoveAsync("/manage/v1/tools/hello?namespace=acme", ("If-Match", ifMatch.Replace("{0}", tag, StringComparison.Ordinal)));

        Assert.Equal(204, reply.Status);
    }

    [Fact]
    public async Task A_secret_in_use_stays()
    {
        await _gateway.ApplyAsync(Yaml.All([Yaml.Secret(), .. Enumerable.Range(1, 7).Select(i => Yaml.ToolWithSecret($"user_{i}"))]));

        var reply = await _gateway.Admin.RemoveAsync("/manage/v1/secrets/crm?namespace=acme");

        Assert.Equal("409 conflict: The Secret 'crm' is in use by Tool user_1, Tool user_2, Tool user_3, Tool user_4, Tool user_5 and 2 more. Change or delete those first.", reply.Refusal);
        for (var i = 1; i <= 7; i++)
        {
            await _gateway.Admin.RemoveAsync($"/manage/v1/tools/user_{i}?namespace=acme");
        }

        Assert.Equal(204, (await _gateway.Admin.RemoveAsync("/manage/v1/secrets/crm?namespace=acme")).Status);
    }

    [Fact]
    public async Task A_deleted_consumer_s_keys_are_dead_at_once_and_stay_so_when_the_name_is_taken_again()
    {
        using var app = _gateway.ClientFor(await _gateway.IssueKeyAsync("acme", "app"));
        Assert.Equal(200, await app.KnockAsync());

        await _gateway.Admin.RemoveAsync("/manage/v1/consumers/app?namespace=acme");
        var afterDelete = await app.KnockAsync();
        await _gateway.ApplyAsync(Yaml.Consumer());

        Assert.Equal((401, 401), (afterDelete, await app.KnockAsync()));
        Assert.Equal(0, (await _gateway.Admin.ReadAsync("/manage/v1/consumers/acme/app/keys")).Body.GetProperty("keys").GetArrayLength());
        using var fresh = _gateway.ClientFor(await _gateway.IssueKeyAsync("acme", "app"));
        Assert.Equal(200, await fresh.KnockAsync());
    }

    [Fact]
    public async Task A_deleted_tenant_s_keys_are_dead_at_once_and_stay_so_when_the_slug_is_taken_again()
    {
        await _gateway.ApplyAsync(Yaml.Secret());
        using var app = _gateway.ClientFor(await _gateway.IssueKeyAsync("acme", "app"));
        Assert.Equal(200, await app.KnockAsync());

        Assert.Equal(204, (await _gateway.Admin.RemoveAsync("/manage/v1/tenants/acme")).Status);
        var afterDelete = await app.KnockAsync();
        await _gateway.ApplyAsync(Yaml.All(Yaml.Tenant(), Yaml.Consumer()));

        Assert.Equal((401, 401), (afterDelete, await app.KnockAsync()));
        Assert.Equal(404, (await _gateway.Admin.ReadAsync("/manage/v1/secrets/crm?namespace=acme")).Status);
        Assert.Equal(404, (await _gateway.Admin.PostAsync("/manage/v1/tenants/acme/rollback", """{"revision":2}""")).Status);
    }
}
