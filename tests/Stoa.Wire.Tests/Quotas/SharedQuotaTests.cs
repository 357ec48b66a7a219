using Stoa.Gateway;
using Stoa.Gateway.Quotas.Ledger;
using Stoa.Gateway.Storage;
using Stoa.Testing;
using Stoa.Wire.Tests.Instances;
using Stoa.Wire.Tests.Manage;
using Stoa.Wire.Tests.Mcp;

namespace Stoa.Wire.Tests.Quotas;

/// <summary>Instances on one storage: one total, whoever is asked; and what happens when storage is away.</summary>
public sealed class SharedQuotaTests
{
    [Fact]
    public async Task Fifty_parallel_calls_at_two_gateways_against_room_for_ten_admit_exactly_ten()
    {
        var ports = TestGateway.InMemory();
        var time = RunningTime.Midday;
        await using var world = await World.StartAsync(ports: ports, time: time);
        await using var second = await TestGateway.StartAsync(ports: ports, time: time);
        await world.ToolAsync("look");
        await world.LimitAgentAsync("requests: { perMonth: 10 }");

        var statuses = await FloodAsync(world.Client(world.Key), second.ClientFor(world.Key), "look");

        Assert.Equal((10, 40), (statuses.Count(s => s == 200), statuses.Count(s => s == 429)));
        Assert.Equal(10, world.Upstream.Requests.Count);
    }

    [Fact]
    public async Task Also_two_processes_on_Azurite()
    {
        Assert.SkipWhen(DateTimeOffset.UtcNow.AddMinutes(10).Month != DateTimeOffset.UtcNow.Month, "The month ends within ten minutes, and with it the window.");
        var storage = new SharedStorage();
        await storage.InitializeAsync();
        try
        {
            await using var upstream = await ScriptedUpstream.StartAsync(Given.Ok);
            using var admin = storage.A.ClientFor(TestGateway.AdminKey);
            var applied = await admin.ApplyAsync(Yaml.All(
                Yaml.Tenant(), Quota.Policy("requests: { perMonth: 10 }"), Yaml.Consumer(spec: "{ scopes: [stoa:write], quotaPolicyRef: { name: small } }"), Yaml.Tool(endpoint: $"{upstream.Url}hello")));
            Assert.Equal("created created created created", applied.Statuses);
            var key = (await admin.PostAsync("/manage/v1/consumers/acme/app/keys")).Body.GetProperty("key").GetString()!;
            using var a = storage.A.ClientFor(key);
            using var b = storage.B.ClientFor(key);

            var statuses = await FloodAsync(a, b, "hello", mayBeSlow: true);

            Assert.Equal((10, 40), (statuses.Count(s => s == 200), statuses.Count(s => s == 429)));
            Assert.Equal(10, upstream.Requests.Count);
        }
        finally
        {
            await storage.DisposeAsync();
        }
    }

    [Fact]
    public async Task While_storage_is_away_limited_calls_are_refused_and_others_pass()
    {
        var store = new FailingStore(new MemoryRowStore(), new MemoryBlobStore(TimeProvider.System));
        await using var world = await World.StartAsync(ports: TestGateway.InMemory() with { Rows = store, Blobs = store }, time: new FakeTime());
        world.Gateway.ExpectsErrors = true;
        await world.ToolAsync("look", "annotations: { readOnlyHint: true }");
        await world.LimitAgentAsync("requests: { perMinute: 5 }");
        Assert.Equal((200, 200), ((await world.InvokeAsync("look")).Status, (await world.InvokeAsync("look", key: world.ReaderKey)).Status));
        store.IsDown = true;

        var refused = await world.InvokeAsync("look");
        var unlimited = await world.InvokeAsync("look", key: world.ReaderKey);
        store.IsDown = false;

        Assert.Equal((503, "storage_unavailable"), (refused.Status, refused.Json.GetProperty("error").GetString()));
        Assert.Equal((200, 3), (unlimited.Status, world.Upstream.Requests.Count));
        Assert.Equal(200, (await world.InvokeAsync("look")).Status);
    }

    [Fact]
    public async Task A_policy_may_let_some_calls_through_while_storage_is_away_and_answers_say_so()
    {
        var store = new FailingStore(new MemoryRowStore(), new MemoryBlobStore(TimeProvider.System));
        await using var world = await World.StartAsync(ports: TestGateway.InMemory() with { Rows = store, Blobs = store }, time: new FakeTime());
        await world.ToolAsync("look", "annotations: { readOnlyHint: true }");
        await world.LimitAgentAsync("requests: { perMinute: 5 }, whenStorageIsDown: { action: open-with-local-cap, requestsPerMinute: 2 }");
        Assert.Equal(200, (await world.InvokeAsync("look")).Status);
        store.IsDown = true;

        Mcp.Reply[] away = [await world.InvokeAsync("look"), await world.InvokeAsync("look"), await world.InvokeAsync("look")];
        store.IsDown = false;
        var back = await world.InvokeAsync("look");

        Assert.Equal([200, 200, 429], away.Select(r => r.Status));
        Assert.Equal("\"instance-requests-per-minute\";q=2;w=60", away[0].Header("RateLimit-Policy"));
        Assert.Equal("429 quota_exceeded instance requests_per_minute 2", away[2].Refusal());
        Assert.Equal("\"consumer-requests-per-minute\";q=5;w=60", back.Header("RateLimit-Policy"));
    }

    [Fact]
    public async Task Whoever_has_no_limit_costs_no_storage_operation()
    {
        var rows = new QuotaRowCount(new MemoryRowStore());
        await using var world = await World.StartAsync(ports: TestGateway.InMemory() with { Rows = rows });
        await world.ToolAsync("look", "annotations: { readOnlyHint: true }");
        await world.LimitAgentAsync("requests: { perMinute: 5 }");

        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(200, (await world.InvokeAsync("look", key: world.ReaderKey)).Status);
        }

        Assert.Equal(0, rows.Count);
        Assert.Equal(200, (await world.InvokeAsync("look")).Status);
        Assert.NotEqual(0, rows.Count);
    }

    [Fact]
    public async Task An_instance_that_stops_gives_back_what_it_holds()
    {
        GatewayPorts ports = TestGateway.InMemory();
        var time = RunningTime.Midday;
        await using var world = await World.StartAsync(ports: ports, time: time);
        await world.ToolAsync("look");
        await using (var second = await TestGateway.StartAsync(ports: ports, time: time))
        {
            await world.LimitAgentAsync("requests: { perDay: 1000 }, maxConcurrentRequests: 100");
            using var client = second.ClientFor(world.Key);
            for (var i = 0; i < 5; i++)
            {
                Assert.Equal(200, (await client.PostAsync("/mcp/v1/tools/look/invoke", "{}")).Status);
            }

            await second.StopAsync();
        }

        var usage = await world.RestAsync(HttpMethod.Get, "/manage/v1/usage?namespace=acme", key: TestGateway.AdminKey);

        Assert.Equal("5/1000", usage.Used("consumer", per: "day"));
        var scope = Assert.Single(usage.Json.GetProperty("scopes").EnumerateArray());
        Assert.Equal((0, 0), (scope.GetProperty("limits")[0].GetProperty("held").GetInt32(), scope.GetProperty("concurrentRequests").GetProperty("held").GetInt32()));
    }

    /// <param name="mayBeSlow">Storage may be too slow on this machine: then a call is refused as if it were away, and tried again.</param>
    private static async Task<int[]> FloodAsync(HttpClient a, HttpClient b, string tool, bool mayBeSlow = false) => await Task.WhenAll(Enumerable.Range(0, 50).Select(async i =>
    {
        var status = 0;
        await Eventually.TrueAsync(
            async () => (status = (await (i % 2 == 0 ? a : b).PostAsync($"/mcp/v1/tools/{tool}/invoke", "{}")).Status) != 503 || !mayBeSlow,
            TimeSpan.FromSeconds(60),
            "storage answers in time");
        return status;
    }));

    /// <summary>Counts what is asked of the table of quotas.</summary>
    private sealed class QuotaRowCount(IRowStore rows) : IRowStore
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public ValueTask<Row?> GetAsync(string table, string partition, string key, CancellationToken ct) => Counted(table).GetAsync(table, partition, key, ct);

        public ValueTask<RowPage> ListAsync(string table, RowRange range, int take, string? continuation, CancellationToken ct) =>
            Counted(table).ListAsync(table, range, take, continuation, ct);

        public ValueTask<WriteResult> WriteAsync(string table, RowChange change, CancellationToken ct) => Counted(table).WriteAsync(table, change, ct);

        public ValueTask<BatchResult> WriteAsync(string table, IReadOnlyList<RowChange> changes, CancellationToken ct) => Counted(table).WriteAsync(table, changes, ct);

        private IRowStore Counted(string table)
        {
            if (table == QuotaLedger.Table)
            {
                Interlocked.Increment(ref _count);
            }

            return rows;
        }
    }
}
