using Stoa.Testing;
using Stoa.Wire.Tests.Manage;

namespace Stoa.Wire.Tests.ToolSets;

/// <summary>A set's tools follow its description: added, changed and deleted in one revision, or not at all.</summary>
public sealed class ReconcileTests : IAsyncLifetime
{
    private const string Sync = "/manage/v1/toolsets/pets/sync?namespace=acme";

    private string _description = Description("list: { get: { operationId: list, summary: Lists them. } }", "get: { get: { operationId: get } }");
    private TestGateway _gateway = null!;
    private ScriptedUpstream _upstream = null!;
    private HttpClient _app = null!;

    public async ValueTask InitializeAsync()
    {
        _upstream = await ScriptedUpstream.StartAsync(exchange => _description.Length > 0
            ? exchange.AnswerAsync(200, "application/yaml", _description)
            : exchange.AnswerAsync(503, "text/plain", "down"));
        _gateway = await TestGateway.StartAsync();
        await _gateway.ApplyAsync(Yaml.All(Yaml.Tenant(), Yaml.Consumer(), Set()));
        _app = _gateway.ClientFor(await _gateway.IssueKeyAsync("acme", "app"));
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task Operations_that_come_change_and_go_are_tools_that_come_change_and_go()
    {
        Assert.Equal(["get", "list"], await _app.ToolNamesAsync());
        _description = Description("list: { get: { operationId: list, summary: Lists all of them. } }", "add: { post: { operationId: add } }", "same: { get: { operationId: same } }");

        var dry = await _gateway.Admin.PostAsync(Sync + "&dryRun=true");
        Assert.Equal(["get", "list"], await _app.ToolNamesAsync());
        var real = await _gateway.Admin.PostAsync(Sync);

        Assert.Equal(("updated", "updated"), (dry.Statuses, real.Statuses));
        Assert.Equal("add created, get deleted, list updated, same created", ToolsOf(dry));
        Assert.Equal(ToolsOf(dry), ToolsOf(real));
        Assert.Equal(["add", "list", "same"], await _app.ToolNamesAsync());
        Assert.Equal("add unchanged, list unchanged, same unchanged", ToolsOf(await _gateway.Admin.PostAsync(Sync)));
        Assert.Equal(2, (await _gateway.Admin.ReadAsync("/manage/v1/tenants/acme/revisions")).Body.GetProperty("revisions").GetArrayLength());
    }

    [Fact]
    public async Task A_description_that_cannot_be_read_leaves_the_tools_as_they_are()
    {
        foreach (var broken in new[] { "", "openapi: 3.1.0", "nonsense: [", Description("a: { get: { operationId: x } }", "b: { get: { operationId: x } }") })
        {
            _description = broken;

            var reply = await _gateway.Admin.PostAsync(Sync);

            Assert.Equal((400, "invalid"), (reply.Status, reply.Statuses));
            Assert.NotEmpty(reply.Faults());
        }

        Assert.Equal(["get", "list"], await _app.ToolNamesAsync());
    }

    [Fact]
    public async Task A_tool_of_another_hand_is_not_taken_over()
    {
        await _gateway.ApplyAsync(Yaml.Tool("add"));
        _description = Description("list: { get: { operationId: list } }", "add: { post: { operationId: add } }");

        var reply = await _gateway.Admin.PostAsync(Sync);

        Assert.Equal("invalid", reply.Statuses);
        Assert.Contains("There is a Tool `add` already that this ToolSet did not make", reply.Faults());
        Assert.Equal(["add", "get", "list"], await _app.ToolNamesAsync());
    }

    [Fact]
    public async Task A_tool_of_a_set_is_changed_and_deleted_through_the_set_only()
    {
        var stored = await _gateway.Admin.ReadAsync("/manage/v1/tools/list?namespace=acme");

        var same = await _gateway.Admin.ApplyAsync(stored.Text);
        var changed = await _gateway.Admin.ApplyAsync(stored.Text.Replace("Lists them.", "Mine.", StringComparison.Ordinal));
        var replaced = await _gateway.Admin.ApplyAsync(Yaml.Tool("get"));
        var labelled = await _gateway.Admin.ApplyAsync(Yaml.Document("Tool", "name: own, namespace: acme, labels: { stoa.dev/toolset: pets }", "{ description: d, endpoint: 'https://a.example' }"));
        var deleted = await _gateway.Admin.RemoveAsync("/manage/v1/tools/list?namespace=acme");

        Assert.Equal("unchanged invalid invalid invalid", $"{same.Statuses} {changed.Statuses} {replaced.Statuses} {labelled.Statuses}");
        Assert.All([changed, replaced], reply => Assert.Contains("was made by the ToolSet `pets`", reply.Faults()));
        Assert.Contains("is for tools that a ToolSet makes", labelled.Faults());
        Assert.Equal("409 conflict: The Tool 'list' was made by the ToolSet 'pets'. Filter its operation out there, or delete the ToolSet.", deleted.Refusal);
        Assert.Equal(["get", "list"], await _app.ToolNamesAsync());
    }

    [Fact]
    public async Task A_deleted_set_takes_its_tools_along_and_a_rollback_brings_both_back()
    {
        await _gateway.ApplyAsync(Yaml.Tool("own"));

        Assert.Equal(204, (await _gateway.Admin.RemoveAsync("/manage/v1/toolsets/pets?namespace=acme")).Status);

        Assert.Equal(["own"], await _app.ToolNamesAsync());
        Assert.Equal(404, (await _gateway.Admin.PostAsync(Sync)).Status);
        await _gateway.Admin.PostAsync("/manage/v1/tenants/acme/rollback", """{"revision":2}""");
        Assert.Equal(["get", "list", "own"], await _app.ToolNamesAsync());
        Assert.Equal("unchanged", (await _gateway.Admin.PostAsync(Sync)).Statuses);
    }

    [Fact]
    public async Task A_secret_that_a_set_names_must_exist_and_must_stay()
    {
        const string Auth = "toolDefaults: { auth: { type: bearer, bearer: { secretRef: { name: crm, key: key } } } }";

        var without = await _gateway.Admin.ApplyAsync(Set(Auth));
        var with = await _gateway.Admin.ApplyAsync(Yaml.All(Set(Auth), Yaml.Secret()));
        var shrunk = await _gateway.Admin.ApplyAsync(Yaml.Secret(data: "{ other: hunter2-hunter2 }"));

        Assert.Equal(("invalid", "updated created", "invalid"), (without.Statuses, with.Statuses, shrunk.Statuses));
        Assert.Contains("spec.toolDefaults.auth.bearer.secretRef.name: There is no Secret `crm`", without.Faults());
        Assert.StartsWith("409 ", (await _gateway.Admin.RemoveAsync("/manage/v1/secrets/crm?namespace=acme")).Refusal);
    }

    [Fact]
    public async Task An_operation_that_no_tool_can_be_is_skipped_and_told()
    {
        _description = Description("list: { get: { operationId: list, parameters: [{ name: q, in: query, schema: { type: string, pattern: '(' } }] } }", "up: { post: { requestBody: { content: { image/png: {} } } } }", "get: { get: { operationId: get } }");

        var report = (await _gateway.Admin.PostAsync(Sync)).Body.GetProperty("results")[0].GetProperty("toolSet");

        Assert.Equal(
            ["GET /list", "POST /up"],
            report.GetProperty("skipped").EnumerateArray().Select(s => s.GetProperty("operation").GetString()).Order());
        Assert.Equal(["get"], await _app.ToolNamesAsync());
    }

    [Fact]
    public async Task Only_those_who_may_change_the_tenant_sync()
    {
        await _gateway.ApplyAsync(Yaml.All(Yaml.Tenant("globex"), Yaml.Consumer("boss", "{ role: tenant-admin, scopes: [stoa:admin] }", "globex")));
        using var other = _gateway.ClientFor(await _gateway.IssueKeyAsync("globex", "boss"));

        Assert.Equal(404, (await other.PostAsync(Sync)).Status);
        Assert.Equal(403, (await _app.PostAsync(Sync)).Status);
        Assert.Equal("404 not_found: There is no ToolSet 'pets'.", (await other.PostAsync("/manage/v1/toolsets/pets/sync")).Refusal);
        Assert.Equal(400, (await _gateway.Admin.PostAsync("/manage/v1/toolsets/pets/sync")).Status);
        Assert.Single(_upstream.Requests);
    }

    private static string Description(params string[] paths) =>
        $"openapi: 3.1.0\ninfo: {{ title: Pets, version: '1' }}\npaths:\n{string.Concat(paths.Select(p => $"  /{p}\n"))}";

    private static string ToolsOf(Reply reply) => string.Join(", ", reply.Body.GetProperty("results")[0].GetProperty("toolSet").GetProperty("tools").EnumerateArray()
        .Select(t => $"{t.GetProperty("name")} {t.GetProperty("status")}").Order());

    private string Set(string more = "") =>
        Yaml.Document("ToolSet", "name: pets, namespace: acme", $"{{ source: {{ url: '{_upstream.Url}openapi.yaml' }}{(more.Length == 0 ? "" : ", " + more)} }}");
}
