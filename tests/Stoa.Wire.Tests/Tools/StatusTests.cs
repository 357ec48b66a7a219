using System.Text.Json;
using Stoa.Gateway.Storage;
using Stoa.Testing;
using Stoa.Wire.Tests.Manage;
using Stoa.Wire.Tests.Mcp;

namespace Stoa.Wire.Tests.Tools;

/// <summary>How a tool fares is visible to its tenant, on every instance, and never in the way of a call.</summary>
public sealed class StatusTests
{
    private const string Status = "/manage/v1/tools/probe/status?namespace=acme";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_new_tool_is_registered_and_nothing_else_is_known()
    {
        await using var world = await World.StartAsync();
        await world.ToolAsync("probe");

        var status = await world.Gateway.Admin.ReadAsync(Status);

        Assert.Equal("""{"phase":"Registered","breaker":{"state":"closed"},"endpoint":{"reachable":null}}""", status.Text);
    }

    [Fact]
    public async Task A_disabled_tool_says_so()
    {
        await using var world = await World.StartAsync();
        await world.ToolAsync("probe", "enabled: false");

        Assert.Equal("Disabled", (await world.Gateway.Admin.ReadAsync(Status)).Body.GetProperty("phase").GetString());
    }

    [Fact]
    public async Task The_last_call_and_the_last_error_are_told_in_the_agents_words()
    {
        await using var world = await World.StartAsync();
        await world.ToolAsync("probe");
        world.UpstreamAnswers(503, "text/plain", "stack trace of 10.0.0.7");
        await world.InvokeAsync("probe");
        var failed = (await world.Gateway.Admin.ReadAsync(Status)).Body;
        world.UpstreamAnswers(Given.Ok);
        await world.InvokeAsync("probe");
        var mended = (await world.Gateway.Admin.ReadAsync(Status)).Body;

        Assert.Equal(("error", 503), (failed.GetProperty("lastCall").GetProperty("outcome").GetString(), failed.GetProperty("lastCall").GetProperty("status").GetInt32()));
        Assert.Equal("The upstream failed with 503 Service Unavailable. Try again later.", failed.GetProperty("lastError").GetProperty("message").GetString());
        Assert.True(failed.GetProperty("endpoint").GetProperty("reachable").GetBoolean());
        Assert.Equal("ok", mended.GetProperty("lastCall").GetProperty("outcome").GetString());
        Assert.Equal(failed.GetProperty("lastError").GetRawText(), mended.GetProperty("lastError").GetRawText());
    }

    [Fact]
    public async Task It_stands_in_the_resource_and_in_the_list_which_can_both_be_applied_again()
    {
        await using var world = await World.StartAsync();
        await world.ToolAsync("probe");
        await world.ToolAsync("second");
        await world.InvokeAsync("probe");

        var one = await world.Gateway.Admin.ReadAsync("/manage/v1/tools/probe?namespace=acme");
        var list = await world.Gateway.Admin.ReadAsync("/manage/v1/tools?namespace=acme");

        Assert.Equal("ok", one.Body.GetProperty("status").GetProperty("lastCall").GetProperty("outcome").GetString());
        var items = list.Body.GetProperty("items");
        Assert.Equal(one.Body.GetProperty("status").GetRawText(), items[0].GetProperty("status").GetRawText());
        Assert.False(items[1].GetProperty("status").TryGetProperty("lastCall", out _));
        Assert.Equal("unchanged", (await world.Gateway.Admin.ApplyAsync(one.Text)).Statuses);
    }

    [Fact]
    public async Task A_list_reads_statuses_once_however_many_tools_there_are()
    {
        var ports = TestGateway.InMemory();
        var store = new CountingRows(ports.Rows);
        await using var gateway = await TestGateway.StartAsync(ports: ports with { Rows = store });
        await gateway.ApplyAsync(Yaml.All([Yaml.Tenant(), .. Enumerable.Range(0, 20).Select(i => Yaml.Tool($"tool_{i:D2}"))]));

        var list = await gateway.Admin.ReadAsync("/manage/v1/tools?namespace=acme");

        Assert.Equal(20, list.Names.Length);
        Assert.Equal(1, store.StatusReads);
    }

    [Fact]
    public async Task What_one_instance_saw_another_shows_and_a_restart_forgets_nothing()
    {
        var ports = TestGateway.InMemory();
        await using var other = await TestGateway.StartAsync(ports: ports);
        var world = await World.StartAsync(ports: ports);
        await world.ToolAsync("probe");
        world.UpstreamAnswers(500, "text/plain", "no");
        await world.InvokeAsync("probe");

        await Eventually.TrueAsync(async () => OutcomeOf(await other.Admin.ReadAsync(Status)) == "error", Patience, "the failure is seen elsewhere");
        await world.DisposeAsync();
        await using var again = await TestGateway.StartAsync(ports: ports);

        Assert.Equal("error", OutcomeOf(await again.Admin.ReadAsync(Status)));
    }

    [Fact]
    public async Task A_turn_is_written_at_once_and_the_rest_every_fifteen_seconds()
    {
        var time = new FakeTime();
        var ports = TestGateway.InMemory();
        var rows = new CountingRows(ports.Rows);
        await using var world = await World.StartAsync(time: time, ports: ports with { Rows = rows });
        await world.ToolAsync("probe");
        await world.InvokeAsync("probe");
        await Eventually.TrueAsync(() => Task.FromResult(rows.StatusWrites == 1), Patience, "the first call is written");

        for (var i = 0; i < 5; i++)
        {
            time.Advance(TimeSpan.FromSeconds(2));
            await world.InvokeAsync("probe");
        }

        Assert.Equal(1, rows.StatusWrites);
        var last = (await world.Gateway.Admin.ReadAsync(Status)).Body.GetProperty("lastCall").GetRawText();

        // More than once: who finds the first write not quite over comes back after another interval.
        await Eventually.TrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(15));
                return Task.FromResult(rows.StatusWrites == 2);
            },
            Patience,
            "the later calls are written together");
        await using var other = await TestGateway.StartAsync(ports: ports, time: time);
        Assert.Equal(last, (await other.Admin.ReadAsync(Status)).Body.GetProperty("lastCall").GetRawText());
    }

    [Fact]
    public async Task Trouble_with_storage_fails_no_call_and_no_reading()
    {
        var ports = TestGateway.InMemory();
        await using var world = await World.StartAsync(ports: ports with { Rows = new CountingRows(ports.Rows) { IsStatusDown = true } });
        await world.ToolAsync("probe");

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(200, (await world.InvokeAsync("probe")).Status);
        }

        Assert.Equal("ok", OutcomeOf(await world.Gateway.Admin.ReadAsync(Status)));
        Assert.Equal(200, (await world.Gateway.Admin.ReadAsync("/manage/v1/tools?namespace=acme")).Status);
    }

    [Fact]
    public async Task An_endpoint_that_is_not_there_is_told_from_one_that_fails()
    {
        using var nobody = new ClosedPort();
        await using var world = await World.StartAsync();
        await world.ApplyAsync(Given.Tool("probe", $"{nobody.Url}"));

        await world.InvokeAsync("probe");

        var status = (await world.Gateway.Admin.ReadAsync(Status)).Body;
        Assert.False(status.GetProperty("endpoint").GetProperty("reachable").GetBoolean());
        Assert.False(status.GetProperty("lastCall").TryGetProperty("status", out _));
    }

    [Fact]
    public async Task An_open_breaker_is_seen_by_other_instances_which_leave_the_endpoint_alone_after_one_failure()
    {
        var time = new FakeTime();
        var ports = TestGateway.InMemory();
        await using var world = await World.StartAsync(time: time, ports: ports);
        await using var other = await TestGateway.StartAsync(ports: ports, time: time);
        using var atOther = other.ClientFor(world.Key);
        const int Failures = 100;
        await world.ToolAsync("probe", $"circuitBreaker: {{ failures: {Failures}, window: 10m, openFor: 10m }}");
        world.UpstreamAnswers(500, "text/plain", "no");
        for (var i = 0; i < Failures; i++)
        {
            await world.InvokeAsync("probe");
        }

        await Eventually.TrueAsync(async () => BreakerOf(await other.Admin.ReadAsync(Status)) == "open", Patience, "the open breaker is seen elsewhere");
        var before = world.Upstream.Requests.Count;
        await atOther.PostAsync("/mcp/v1/tools/probe/invoke");
        Assert.Equal(before + 1, world.Upstream.Requests.Count);
        await Eventually.TrueAsync(
            async () =>
            {
                var asked = world.Upstream.Requests.Count;
                await atOther.PostAsync("/mcp/v1/tools/probe/invoke");
                return world.Upstream.Requests.Count == asked;
            },
            Patience,
            "the endpoint is left alone");
        Assert.True(world.Upstream.Requests.Count < before + Failures, "It found out by itself.");

        time.Advance(TimeSpan.FromMinutes(11));

        // To records that were on their way, so much time is more than a ledger may take: until they are there, all is refused.
        await Eventually.TrueAsync(async () => BreakerOf(await other.Admin.ReadAsync(Status)) == "halfOpen", Patience, "the endpoint may be tried again");
        world.UpstreamAnswers(Given.Ok);
        await Eventually.TrueAsync(
            async () =>
            {
                await world.InvokeAsync("probe");
                return BreakerOf(await world.Gateway.Admin.ReadAsync(Status)) == "closed";
            },
            Patience,
            "the breaker closes");
    }

    [Fact]
    public async Task A_tool_created_again_starts_anew()
    {
        await using var world = await World.StartAsync();
        await world.ToolAsync("probe");
        await world.InvokeAsync("probe");
        await world.Gateway.Admin.RemoveAsync("/manage/v1/tools/probe?namespace=acme");
        await world.ToolAsync("probe");

        Assert.False((await world.Gateway.Admin.ReadAsync(Status)).Body.TryGetProperty("lastCall", out _));
    }

    [Fact]
    public async Task Another_tenant_sees_nothing_of_it()
    {
        await using var world = await World.StartAsync();
        await world.ToolAsync("probe");
        await world.ApplyAsync(Given.Consumer("boss", "role: tenant-admin\nscopes: [stoa:admin]", "other"));
        using var boss = world.Gateway.ClientFor(await world.Gateway.IssueKeyAsync("other", "boss"));

        Assert.Equal(404, (await boss.ReadAsync(Status)).Status);
        Assert.Equal(404, (await boss.ReadAsync("/manage/v1/tools/probe/status")).Status);
    }

    private static string? OutcomeOf(Manage.Reply reply) =>
        reply.Body.TryGetProperty("lastCall", out var call) && call.ValueKind is JsonValueKind.Object ? call.GetProperty("outcome").GetString() : null;

    private static string? BreakerOf(Manage.Reply reply) => reply.Body.TryGetProperty("breaker", out var breaker) ? breaker.GetProperty("state").GetString() : null;

    /// <summary>Counts what is done to the table of statuses, and can fail it alone.</summary>
    private sealed class CountingRows(IRowStore inner) : IRowStore
    {
        private const string Table = "StoaToolStatus";

        private int _reads;
        private int _writes;

        public bool IsStatusDown { get; init; }

        public int StatusReads => Volatile.Read(ref _reads);

        public int StatusWrites => Volatile.Read(ref _writes);

        public ValueTask<Row?> GetAsync(string table, string partition, string key, CancellationToken ct)
        {
            Check(table);
            return inner.GetAsync(table, partition, key, ct);
        }

        public ValueTask<RowPage> ListAsync(string table, RowRange range, int take, string? continuation, CancellationToken ct)
        {
            Check(table);
            _ = table == Table ? Interlocked.Increment(ref _reads) : 0;
            return inner.ListAsync(table, range, take, continuation, ct);
        }

        public async ValueTask<WriteResult> WriteAsync(string table, RowChange change, CancellationToken ct)
        {
            Check(table);
            var result = await inner.WriteAsync(table, change, ct);
            _ = table == Table ? Interlocked.Increment(ref _writes) : 0;
            return result;
        }

        public ValueTask<BatchResult> WriteAsync(string table, IReadOnlyList<RowChange> changes, CancellationToken ct)
        {
            Check(table);
            return inner.WriteAsync(table, changes, ct);
        }

        private void Check(string table)
        {
            if (IsStatusDown && table == Table)
            {
                throw new StorageUnavailableException("Scripted.");
            }
        }
    }
}
