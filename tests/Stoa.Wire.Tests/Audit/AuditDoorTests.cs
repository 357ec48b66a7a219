using System.Net;
using System.Text;
using System.Text.Json;
using Stoa.Gateway;
using Stoa.Ledger.Checkpoints;
using Stoa.Ledger.Proofs;
using Stoa.Testing;
using Stoa.Wire.Tests.Manage;

namespace Stoa.Wire.Tests.Audit;

/// <summary>What the ledger holds can be asked for, by each tenant its own, and proven. An instance that stops seals what it wrote; another answers here.</summary>
public sealed class AuditDoorTests : IAsyncLifetime
{
    private readonly GatewayPorts _ports = TestGateway.InMemory();
    private readonly Dictionary<string, string> _keys = [];
    private TestGateway _gateway = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await using var first = await TestGateway.StartAsync(ports: _ports);
        foreach (var tenant in new[] { "acme", "globex" })
        {
            await first.ApplyAsync(Yaml.All(Yaml.Tenant(tenant), Yaml.Consumer("boss", "{ scopes: [stoa:admin, stoa:read], role: tenant-admin }", tenant), Yaml.Tool(tenant: tenant)));
            _keys[tenant] = await first.IssueKeyAsync(tenant, "boss");
            using var list = await first.ClientFor(_keys[tenant]).GetAsync("/mcp/v1/tools", Ct);
            list.EnsureSuccessStatusCode();
        }

        await first.StopAsync();
        _gateway = await TestGateway.StartAsync(ports: _ports);
    }

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    [Fact]
    public async Task A_tenant_sees_its_records_and_nobody_elses()
    {
        var records = await RecordsAsync(_gateway.ClientFor(_keys["acme"]), "?limit=3");

        Assert.NotEmpty(records);
        Assert.All(records, r => Assert.Equal("acme", r.GetProperty("record").Text("tenant")));
        Assert.DoesNotContain(await ExportAsync(_gateway.ClientFor(_keys["acme"]), "jsonl"), "globex", StringComparison.Ordinal);
        using var other = await _gateway.ClientFor(_keys["acme"]).GetAsync("/manage/v1/audit?namespace=globex", Ct);
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
    }

    [Fact]
    public async Task The_platform_sees_all_and_can_ask_for_some()
    {
        var all = await RecordsAsync(_gateway.Admin, "?limit=1000");
        Assert.Contains(all, r => r.GetProperty("record").Text("type") == "open");
        Assert.Contains(all, r => r.GetProperty("record").Text("tenant") == "globex");

        var closes = await RecordsAsync(_gateway.Admin, "?type=close");
        Assert.True(Assert.Single(closes).GetProperty("sealed").GetBoolean());
        Assert.All(await RecordsAsync(_gateway.Admin, "?namespace=globex&type=outcome"), r => Assert.Equal("globex", r.GetProperty("record").Text("tenant")));
    }

    [Theory]
    [InlineData("?from=yesterday")]
    [InlineData("?limit=0")]
    [InlineData("?type=all")]
    [InlineData("?continue=abc")]
    [InlineData("?from=2026-01-01&to=2025-01-01")]
    [InlineData("?from=2020-01-01&to=2026-01-01")]
    public async Task A_question_that_makes_no_sense_is_refused(string query)
    {
        using var response = await _gateway.Admin.GetAsync($"/manage/v1/audit{query}", Ct);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task A_record_is_proven_with_nothing_but_the_public_key()
    {
        var sealedRecords = (await RecordsAsync(_gateway.ClientFor(_keys["acme"]), "")).Where(r => r.GetProperty("sealed").GetBoolean()).ToList();
        var id = sealedRecords[^1].GetProperty("record").Text("id");
        using var response = await _gateway.ClientFor(_keys["acme"]).GetAsync($"/manage/v1/audit/{id}/proof", Ct);
        response.EnsureSuccessStatusCode();
        var pem = await _gateway.Admin.GetStringAsync("/manage/v1/audit/key", Ct);

        Assert.True(NoteKey.TryParse(pem, out var key));
        Assert.True(RecordProof.TryParse(await response.Content.ReadAsByteArrayAsync(Ct), out var proof));
        Assert.True(proof.IsSignedBy(key));
        Assert.Contains(id!, proof.Record, StringComparison.Ordinal);

        using var foreign = await _gateway.ClientFor(_keys["globex"]).GetAsync($"/manage/v1/audit/{id}/proof", Ct);
        Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
    }

    [Fact]
    public async Task Exports_are_streamed_as_lines_or_for_a_spreadsheet()
    {
        var lines = (await ExportAsync(_gateway.Admin, "jsonl")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, l => JsonElement.Parse(Encoding.UTF8.GetBytes(l)).GetProperty("seq").GetInt64());

        var csv = (await ExportAsync(_gateway.Admin, "csv")).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("ts,id,type,", csv[0], StringComparison.Ordinal);
        Assert.True(csv.Length >= lines.Length + 1, "A header and at least the same records: the first export is on record itself.");
    }

    [Fact]
    public async Task Only_the_platform_sees_files_and_standing()
    {
        foreach (var path in new[] { "files?folder=ledger/", "files/registry.jsonl", "status" })
        {
            using var refused = await _gateway.ClientFor(_keys["acme"]).GetAsync($"/manage/v1/audit/{path}", Ct);
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
            using var shown = await _gateway.Admin.GetAsync($"/manage/v1/audit/{path}", Ct);
            Assert.Equal(HttpStatusCode.OK, shown.StatusCode);
        }

        foreach (var path in new[] { "files/../../head", "files/tile/0/zzz", "files/other" })
        {
            using var missing = await _gateway.Admin.GetAsync($"/manage/v1/audit/{path}", Ct);
            Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        }

        var status = JsonElement.Parse(Encoding.UTF8.GetBytes(await _gateway.Admin.GetStringAsync("/manage/v1/audit/status", Ct)));
        Assert.True(status.GetProperty("size").GetInt64() > 0);
        Assert.Empty(status.GetProperty("open").EnumerateArray());
    }

    private static async Task<IReadOnlyList<JsonElement>> RecordsAsync(HttpClient client, string query)
    {
        var body = JsonElement.Parse(Encoding.UTF8.GetBytes(await client.GetStringAsync($"/manage/v1/audit{query}", Ct)));
        return [.. body.GetProperty("records").EnumerateArray()];
    }

    private static Task<string> ExportAsync(HttpClient client, string format) => client.GetStringAsync($"/manage/v1/audit/export?format={format}", Ct);
}
