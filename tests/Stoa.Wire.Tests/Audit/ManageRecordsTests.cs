using System.Text.Json;
using Stoa.Gateway;
using Stoa.Testing;
using Stoa.Wire.Tests.Manage;

namespace Stoa.Wire.Tests.Audit;

/// <summary>Whatever management changes is on record twice: before, and with what came of it.</summary>
public sealed class ManageRecordsTests : IAsyncLifetime
{
    private readonly GatewayPorts _ports = TestGateway.InMemory();
    private TestGateway _gateway = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _gateway = await TestGateway.StartAsync(ports: _ports);
        await _gateway.ApplyAsync(Yaml.All(Yaml.Tenant(), Yaml.Consumer(spec: "{ scopes: [stoa:read], role: viewer }"), Yaml.Tool()));
    }

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    [Fact]
    public async Task An_apply_names_what_it_made_of_each_document()
    {
        var outcome = await OutcomeAsync(await _gateway.Admin.ApplyAsync(Yaml.All(Yaml.Tool(more: "displayName: New"), Yaml.Tool("other"), Yaml.Tool("bad", more: "zzz: 1"))), "http_207", "ok");

        Assert.Equal("POST /manage/v1/apply", outcome.Text("op"));
        Assert.Equal(["updated Tool hello", "created Tool other", "invalid Tool bad"], Changes(outcome));
        Assert.Equal("administrator", outcome.Text("consumer"));
    }

    [Fact]
    public async Task An_apply_of_many_documents_is_spread_over_records()
    {
        var reply = await _gateway.Admin.ApplyAsync(Yaml.All([.. Enumerable.Range(0, 100).Select(i => Yaml.Tool($"tool_{i:D3}"))]));

        var records = (await AuditTrail.ReadAsync(_ports.AuditAppend, Ct)).OfTrace(reply.Headers.GetValues("x-stoa-trace-id").Single());
        Assert.Equal(["intent", "event", "event", "outcome"], records.Select(r => r.Text("type")));
        Assert.Equal(100, records.SelectMany(r => r.TryGetProperty("changes", out _) ? Changes(r) : []).Distinct().Count());
    }

    [Fact]
    public async Task Keys_are_named_and_never_shown()
    {
        var issued = await _gateway.Admin.PostAsync("/manage/v1/consumers/acme/app/keys");
        var id = issued.Body.GetProperty("id").GetString()!;
        Assert.Equal([$"issued ApiKey {id}"], Changes(await OutcomeAsync(issued)));

        var rotated = await _gateway.Admin.PostAsync($"/manage/v1/consumers/acme/app/keys/{id}/rotate");
        Assert.Equal([$"issued ApiKey {rotated.Body.GetProperty("id")}"], Changes(await OutcomeAsync(rotated)));

        var revoked = await OutcomeAsync(await _gateway.Admin.RemoveAsync($"/manage/v1/consumers/acme/app/keys/{id}"));
        Assert.Equal([$"revoked ApiKey {id}"], Changes(revoked));
        Assert.Equal("acme", revoked.Text("tenant"));
        Assert.Equal($"app/{id}", revoked.Text("target"));
        Assert.DoesNotContain(issued.Body.GetProperty("key").GetString()!, (await AuditTrail.ReadAsync(_ports.AuditAppend, Ct)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deletion_rollback_reset_and_key_ring_are_on_record()
    {
        Assert.Equal(["deleted Tool hello"], Changes(await OutcomeAsync(await _gateway.Admin.RemoveAsync("/manage/v1/tools/hello?namespace=acme"))));
        Assert.Equal(["rolled-back Revision 1"], Changes(await OutcomeAsync(await _gateway.Admin.PostAsync("/manage/v1/tenants/acme/rollback", """{"revision":1}"""))));
        Assert.Equal(["reset Usage all"], Changes(await OutcomeAsync(await _gateway.Admin.PostAsync("/manage/v1/usage/reset?namespace=acme"))));
        Assert.Equal(["created KeyRing key-ring"], Changes(await OutcomeAsync(await _gateway.Admin.PostAsync("/manage/v1/keyring/rotate"))));
    }

    [Fact]
    public async Task A_change_that_fails_and_one_that_is_refused_are_on_record_and_so_is_reading()
    {
        var missing = await OutcomeAsync(await _gateway.Admin.RemoveAsync("/manage/v1/tools/nothing?namespace=acme"), "http_404");
        Assert.False(missing.TryGetProperty("changes", out _));

        using var viewer = _gateway.ClientFor(await _gateway.IssueKeyAsync("acme", "app"));
        var refused = await viewer.RemoveAsync("/manage/v1/tools/hello");
        var record = Assert.Single((await AuditTrail.ReadAsync(_ports.AuditAppend, Ct)).ChainOf(refused.Headers.GetValues("x-stoa-trace-id").Single()));
        Assert.Equal(("role_required", "app", "acme"), (record.Text("outcome"), record.Text("consumer"), record.Text("tenant")));

        var read = await viewer.ReadAsync("/manage/v1/tools");
        Assert.Equal(200, read.Status);
        var reading = Assert.Single((await AuditTrail.ReadAsync(_ports.AuditAppend, Ct)).ChainOf(read.Headers.GetValues("x-stoa-trace-id").Single()));
        Assert.Equal(("ok", "GET /manage/v1/{kinds}"), (reading.Text("outcome"), reading.Text("op")));
    }

    [Fact]
    public async Task What_a_caller_types_for_a_name_is_recorded_only_when_it_can_be_one()
    {
        var outcome = await OutcomeAsync(await _gateway.Admin.RemoveAsync("/manage/v1/tools/my%20password%20is%20%27hunter2%27?namespace=acme"), "http_404", "http_400");

        Assert.Null(outcome.Text("target"));
        Assert.DoesNotContain("hunter2", (await AuditTrail.ReadAsync(_ports.AuditAppend, Ct)).Text, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Changes(JsonElement record) =>
        record.GetProperty("changes").EnumerateArray().Select(c => $"{c.Text("action")} {c.Text("kind")} {c.Text("name")}");

    private async Task<JsonElement> OutcomeAsync(Reply reply, params string[] allowed)
    {
        var chain = (await AuditTrail.ReadAsync(_ports.AuditAppend, Ct)).ChainOf(reply.Headers.GetValues("x-stoa-trace-id").Single());
        Assert.Equal(2, chain.Count);
        Assert.Contains(chain[1].Text("outcome"), allowed.Length == 0 ? ["ok"] : allowed);
        return chain[1];
    }
}
