using Stoa.Testing;

namespace Stoa.Wire.Tests.Manage;

/// <summary>A dry run that compares, and apply with a namespace for documents that name none.</summary>
public sealed class ComparisonTests
{
    [Fact]
    public async Task A_comparison_shows_what_is_and_what_would_be_and_stores_nothing()
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.ApplyAsync(Yaml.All(Yaml.Tenant(), Yaml.Tool(), Yaml.Consumer()));

        var reply = await gateway.Admin.ApplyAsync(Yaml.All(Yaml.Tool(more: "timeout: 60s"), Yaml.Tool("other"), Yaml.Consumer()), "?dryRun=compare");

        Assert.Equal((200, "updated created unchanged"), (reply.Status, reply.Statuses));
        Assert.True(reply.Body.GetProperty("dryRun").GetBoolean());
        var results = reply.Body.GetProperty("results");
        Assert.Equal("30s", results[0].GetProperty("before").GetProperty("spec").GetProperty("timeout").GetString());
        Assert.Equal("1m", results[0].GetProperty("after").GetProperty("spec").GetProperty("timeout").GetString());
        Assert.Equal("""{"name":"hello","namespace":"acme"}""", results[0].GetProperty("after").GetProperty("metadata").GetRawText());
        Assert.Equal((false, true), (results[1].TryGetProperty("before", out _), results[1].TryGetProperty("after", out _)));
        Assert.Equal((false, false), (results[2].TryGetProperty("before", out _), results[2].TryGetProperty("after", out _)));
        Assert.Equal(["hello"], (await gateway.Admin.ReadAsync("/manage/v1/tools?namespace=acme")).Names);
    }

    [Fact]
    public async Task A_comparison_tells_which_secret_values_change_and_never_a_value()
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.ApplyAsync(Yaml.All(Yaml.Tenant(), Yaml.Secret(data: "{ kept: value-one, changed: value-two, gone: value-three }")));

        var reply = await gateway.Admin.ApplyAsync(Yaml.Secret(data: "{ kept: value-one, changed: value-four, fresh: value-five }"), "?dryRun=compare");

        Assert.Equal("""{"changed":"*** (before)","gone":"***","kept":"***"}""", Data(reply, "before"));
        Assert.Equal("""{"changed":"*** (after)","fresh":"***","kept":"***"}""", Data(reply, "after"));
        Assert.DoesNotContain("value-", reply.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_ordinary_dry_run_stays_short()
    {
        await using var gateway = await TestGateway.StartAsync();

        var reply = await gateway.Admin.ApplyAsync(Yaml.Tenant(), "?dryRun=true");

        Assert.False(reply.Body.GetProperty("results")[0].TryGetProperty("after", out _));
    }

    [Fact]
    public async Task A_namespace_in_the_query_is_for_documents_that_name_none()
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.ApplyAsync(Yaml.All(Yaml.Tenant(), Yaml.Tenant("other")));

        var reply = await gateway.Admin.ApplyAsync(Yaml.All(Yaml.Document("Consumer", "name: app", "{}"), Yaml.Consumer("second", tenant: "other")), "?namespace=acme");

        Assert.Equal(["acme", "other"], reply.Body.GetProperty("results").EnumerateArray().Select(r => r.GetProperty("namespace").GetString()));
    }

    [Theory]
    [InlineData("other")]
    [InlineData("nobody")]
    [InlineData("")]
    public async Task A_namespace_in_the_query_opens_no_other_tenant(string named)
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.ApplyAsync(Yaml.All(Yaml.Tenant(), Yaml.Tenant("other"), Yaml.Consumer(spec: "{ scopes: [stoa:admin], role: tenant-admin }")));
        var client = gateway.ClientFor(await gateway.IssueKeyAsync("acme", "app"));

        var reply = await client.ApplyAsync(Yaml.Document("Consumer", "name: second", "{}"), $"?namespace={named}");

        Assert.Equal($"404 not_found: There is no tenant '{named}'.", reply.Refusal);
    }

    private static string Data(Reply reply, string side) => reply.Body.GetProperty("results")[0].GetProperty(side).GetProperty("spec").GetProperty("data").GetRawText();
}
