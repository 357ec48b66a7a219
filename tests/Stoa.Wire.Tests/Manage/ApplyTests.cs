using Stoa.Testing;

namespace Stoa.Wire.Tests.Manage;

/// <summary>What apply does with documents that are fine, and with those beside them that are not.</summary>
public sealed class ApplyTests
{
    [Fact]
    public async Task A_document_is_created_then_unchanged_then_updated()
    {
        await using var gateway = await TestGateway.StartAsync();

        var created = await gateway.Admin.ApplyAsync(Yaml.All(Yaml.Tenant(), Yaml.Tool()));
        var again = await gateway.Admin.ApplyAsync(Yaml.All(Yaml.Tenant(), Yaml.Tool()));
        var updated = await gateway.Admin.ApplyAsync(Yaml.All(Yaml.Tenant(), Yaml.Tool(more: "timeout: 7s")));

        Assert.Equal((200, "created created"), (created.Status, created.Statuses));
        Assert.Equal((200, "unchanged unchanged"), (again.Status, again.Statuses));
        Assert.Equal((200, "unchanged updated"), (updated.Status, updated.Statuses));
        Assert.Equal([1, 1, 2], new[] { created, again, updated }.Select(r => r.Body.GetProperty("revisions").GetProperty("acme").GetInt64()));
        Assert.Equal(VersionOf(created, 2), VersionOf(again, 2));
        Assert.NotEqual(VersionOf(created, 2), VersionOf(updated, 2));
    }

    [Fact]
    public async Task The_same_document_in_JSON_is_no_change()
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.ApplyAsync(Yaml.All(Yaml.Tenant(), Yaml.Tool(more: "timeout: 60s, tags: [a, b]"), Yaml.Secret(data: "{ key: hunter2-hunter2 }")));

        var reply = await gateway.Admin.ApplyAsync(
            """
            [{"kind":"Tool","apiVersion":"gostoa.dev/v1alpha1","metadata":{"namespace":"acme","name":"hello"},
              "spec":{"tags":["a","b"],"timeout":"1m","endpoint":"https://api.example.com/hello","description":"Says hello."}},
             {"apiVersion":"gostoa.dev/v1alpha1","kind":"Secret","metadata":{"name":"crm","namespace":"acme"},"spec":{"data":{"key":"hunter2-hunter2"}}}]
            """);

        Assert.Equal((200, "unchanged unchanged"), (reply.Status, reply.Statuses));
    }

    [Fact]
    public async Task Labels_and_annotations_count_as_change()
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.ApplyAsync(Yaml.All(Yaml.Tenant(), Yaml.Consumer()));

        var labelled = await gateway.Admin.ApplyAsync(Yaml.Document("Consumer", "name: app, namespace: acme, labels: { team: blue, stage: dev }", "{}"));
        var reordered = await gateway.Admin.ApplyAsync(Yaml.Document("Consumer", "name: app, namespace: acme, labels: { stage: dev, team: blue }", "{}"));

        Assert.Equal("updated", labelled.Statuses);
        Assert.Equal("unchanged", reordered.Statuses);
    }

    [Fact]
    public async Task One_broken_document_leaves_the_others_applied()
    {
        await using var gateway = await TestGateway.StartAsync();

        var reply = await gateway.Admin.ApplyAsync(Yaml.All(Yaml.Tenant(), Yaml.Consumer(spec: "{ scopes: [stoa:everything] }"), Yaml.Tool()));

        Assert.Equal((207, "created invalid created"), (reply.Status, reply.Statuses));
        Assert.StartsWith("9:", reply.Faults(2));
        Assert.Contains("spec.scopes[0]: ", reply.Faults(2));
        Assert.Equal(404, (await gateway.Admin.ReadAsync("/manage/v1/consumers/app?namespace=acme")).Status);
        Assert.Equal(200, (await gateway.Admin.ReadAsync("/manage/v1/tools/hello?namespace=acme")).Status);
    }

    [Fact]
    public async Task Nothing_but_broken_documents_is_a_400_and_no_revision()
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.ApplyAsync(Yaml.Tenant());

        var reply = await gateway.Admin.ApplyAsync(Yaml.All(Yaml.Tool(name: "'no spaces'"), Yaml.Tool(endpoint: "ftp://example.com/")));

        Assert.Equal((400, "invalid invalid"), (reply.Status, reply.Statuses));
        Assert.Equal(1, (await gateway.Admin.ReadAsync("/manage/v1/tenants/acme/revisions")).Body.GetProperty("revisions").GetArrayLength());
    }

    [Fact]
    public async Task A_YAML_error_spoils_its_own_document_only()
    {
        await using var gateway = await TestGateway.StartAsync();

        var reply = await gateway.Admin.ApplyAsync(Yaml.All(Yaml.Tenant(), "kind: [unclosed\n", Yaml.Tool()));

        Assert.Equal((207, "created invalid created"), (reply.Status, reply.Statuses));
        Assert.Matches("^[67]:[0-9]+ ", reply.Faults(2));
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n---\n")]
    public async Task Nothing_at_all_is_a_mistake(string body)
    {
        await using var gateway = await TestGateway.StartAsync();

        var reply = await gateway.Admin.ApplyAsync(body);

        Assert.Equal(400, reply.Status);
        Assert.Contains("holds no document", reply.Faults());
    }

    [Fact]
    public async Task A_dry_run_says_the_same_and_changes_nothing()
    {
        var rows = new RecordingStore();
        await using var gateway = await TestGateway.StartAsync(ports: rows.Ports);
        await gateway.ApplyAsync(Yaml.All(Yaml.Tenant(), Yaml.Tool(), Yaml.Secret()));
        var next = Yaml.All(
            Yaml.Tenant(), Yaml.Tool(more: "timeout: 9s"), Yaml.Secret(data: "{ key: another-value }"), Yaml.Consumer(), Yaml.Tool("broken", "nowhere"), Yaml.Tenant("globex"), Yaml.Consumer(tenant: "globex"));
        var before = rows.Writes;

        var dry = await gateway.Admin.ApplyAsync(next, "?dryRun=true");

        Assert.Equal(before, rows.Writes);
        Assert.True(dry.Body.GetProperty("dryRun").GetBoolean());
        Assert.Equal("""{"acme":1}""", dry.Body.GetProperty("revisions").GetRawText());
        var real = await gateway.Admin.ApplyAsync(next);
        Assert.Equal("unchanged updated updated created invalid created created", dry.Statuses);
        Assert.Equal((207, dry.Statuses, dry.Faults(5)), (dry.Status, real.Statuses, real.Faults(5)));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("yes")]
    [InlineData("TRUE")]
    [InlineData("")]
    public async Task A_dry_run_that_is_not_understood_changes_nothing_either(string value)
    {
        await using var gateway = await TestGateway.StartAsync();

        var reply = await gateway.Admin.ApplyAsync(Yaml.Tenant(), $"?dryRun={value}");

        Assert.Equal("400 malformed_request: dryRun must be true, false or compare.", reply.Refusal);
        Assert.Equal(404, (await gateway.Admin.ReadAsync("/manage/v1/tenants/acme")).Status);
    }

    [Fact]
    public async Task A_resource_version_guards_against_overwriting()
    {
        await using var gateway = await TestGateway.StartAsync();
        var first = VersionOf(await gateway.Admin.ApplyAsync(Yaml.All(Yaml.Tenant(), Yaml.Consumer())), 2);
        var second = VersionOf(await gateway.Admin.ApplyAsync(Guarded(first, "{ displayName: Two }")), 1);

        var stale = await gateway.Admin.ApplyAsync(Guarded(first, "{ displayName: Three }"));
        var gone = await gateway.Admin.ApplyAsync(Yaml.Document("Consumer", "name: other, namespace: acme, resourceVersion: '0011223344556677'", "{}"));

        Assert.Equal((400, "conflict"), (stale.Status, stale.Statuses));
        Assert.Contains($"metadata.resourceVersion: The stored resource has version {second}", stale.Faults());
        Assert.Equal("conflict", gone.Statuses);
        Assert.Contains("does not exist", gone.Faults());
        Assert.Contains("Two", (await gateway.Admin.ReadAsync("/manage/v1/consumers/app?namespace=acme")).Text);

        static string Guarded(string version, string spec) => Yaml.Document("Consumer", $"name: app, namespace: acme, resourceVersion: '{version}'", spec);
    }

    [Fact]
    public async Task What_was_read_can_be_edited_and_applied_again()
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.ApplyAsync(Yaml.All(Yaml.Tenant(), Yaml.Secret(), Yaml.ToolWithSecret(), Yaml.Consumer(spec: "{ tools: [] }")));
        foreach (var path in new[] { "tenants/acme", "tools/hello?namespace=acme", "consumers/app?namespace=acme" })
        {
            var read = await gateway.Admin.ReadAsync("/manage/v1/" + path);
            var same = await gateway.Admin.ApplyAsync(read.Text);
            var edited = await gateway.Admin.ApplyAsync(read.Text.Replace("\"spec\":{", "\"spec\":{\"displayName\":\"Edited\",", StringComparison.Ordinal));

            Assert.Equal("unchanged updated", $"{same.Statuses} {edited.Statuses}");
        }
    }

    private static string VersionOf(Reply reply, int document) => reply.Body.GetProperty("results")[document - 1].GetProperty("version").GetString()!;
}
