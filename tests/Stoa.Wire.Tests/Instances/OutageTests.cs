using Stoa.Gateway.Storage;
using Stoa.Testing;
using Stoa.Wire.Tests.Manage;

namespace Stoa.Wire.Tests.Instances;

/// <summary>Storage that does not answer: what is known serves for a while, then nothing does; and it all comes back by itself.</summary>
public sealed class OutageTests : IAsyncLifetime
{
    private readonly FakeTime _time = new();
    private readonly FailingStore _store = new(new MemoryRowStore(), new MemoryBlobStore(TimeProvider.System));
    private TestGateway? _gateway;

    private TestGateway Gateway => _gateway!;

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync() => _gateway?.DisposeAsync() ?? default;

    [Fact]
    public async Task The_last_revision_serves_for_a_minute_and_then_calls_are_refused()
    {
        using var app = await StartAsync();
        _store.IsDown = true;

        foreach (var seconds in new[] { 0, 5, 25, 29 })
        {
            _time.Advance(TimeSpan.FromSeconds(seconds));
            Assert.Equal(200, await app.KnockAsync());
        }

        _time.Advance(TimeSpan.FromSeconds(1));
        var refused = await app.ReadAsync("/mcp/v1/tools");
        Assert.StartsWith("503 storage_unavailable", refused.Refusal);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));
        Assert.DoesNotContain("Scripted", refused.Text);

        _store.IsDown = false;
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(200, await app.KnockAsync());
    }

    [Fact]
    public async Task The_minute_begins_with_the_last_good_check()
    {
        using var app = await StartAsync();
        _time.Advance(TimeSpan.FromSeconds(40));
        Assert.Equal(200, await app.KnockAsync());
        _store.IsDown = true;

        _time.Advance(TimeSpan.FromSeconds(59));
        var before = await app.KnockAsync();
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal((200, 503), (before, await app.KnockAsync()));
    }

    [Fact]
    public async Task With_no_staleness_allowed_the_first_failed_check_refuses()
    {
        using var app = await StartAsync(new() { ["Stoa:MaxStaleSeconds"] = "0" });
        _store.IsDown = true;

        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(503, await app.KnockAsync());
        _store.IsDown = false;
        Assert.Equal(200, await app.KnockAsync());
    }

    [Fact]
    public async Task Storage_that_fails_is_asked_once_a_second_not_once_a_call()
    {
        using var app = await StartAsync();
        _store.IsDown = true;
        _time.Advance(TimeSpan.FromSeconds(5));
        _store.Reset();

        for (var call = 0; call < 10; call++)
        {
            Assert.Equal(200, await app.KnockAsync());
        }

        // Once for the key and once for the revision.
        Assert.Equal(2, _store.Operations);
        _time.Advance(TimeSpan.FromSeconds(1));
        await app.KnockAsync();
        Assert.Equal(4, _store.Operations);
    }

    [Fact]
    public async Task An_unknown_key_is_not_called_invalid_while_nobody_can_know()
    {
        await StartAsync();
        _store.IsDown = true;
        using var stranger = Gateway.ClientFor("stoa_sk_" + new string('A', 43));
        using var nonsense = Gateway.ClientFor("nonsense");
        var operations = _store.Operations;

        Assert.Equal(401, await nonsense.KnockAsync());
        Assert.Equal(operations, _store.Operations);
        Assert.Equal(503, await stranger.KnockAsync());
    }

    [Fact]
    public async Task Management_says_that_storage_does_not_answer_and_changes_nothing()
    {
        await StartAsync();
        _store.IsDown = true;
        Reply[] replies =
        [
            await Gateway.Admin.ApplyAsync(Yaml.Tool("second")),
            await Gateway.Admin.ReadAsync("/manage/v1/tools?namespace=acme"),
            await Gateway.Admin.RemoveAsync("/manage/v1/tools/hello?namespace=acme"),
            await Gateway.Admin.PostAsync("/manage/v1/consumers/acme/app/keys"),
        ];

        Assert.All(replies, reply => Assert.StartsWith("503 storage_unavailable", reply.Refusal));
        Assert.All(replies, reply => Assert.NotNull(reply.Headers.RetryAfter));
        _store.IsDown = false;
        Assert.Equal(["hello"], (await Gateway.Admin.ReadAsync("/manage/v1/tools?namespace=acme")).Names);
    }

    [Fact]
    public async Task A_lost_answer_at_any_point_of_an_apply_leaves_all_or_nothing()
    {
        await StartAsync();
        for (var at = 1; at <= 5; at++)
        {
            var before = (await Gateway.Admin.ReadAsync("/manage/v1/tools?namespace=acme")).Names;
            _store.Reset(at, appliesFirst: true);
            var reply = await Gateway.Admin.ApplyAsync(Yaml.All(Yaml.Tool($"left_{at}"), Yaml.Tool($"right_{at}")));
            _store.Reset();

            var added = (await Gateway.Admin.ReadAsync("/manage/v1/tools?namespace=acme")).Names.Except(before);
            Assert.Contains(added.Count(), reply.Status == 200 ? [2] : new[] { 0, 2 });
        }
    }

    [Fact]
    public async Task Readiness_follows_storage_and_liveness_does_not()
    {
        _store.IsDown = true;
        _gateway = await TestGateway.StartAsync(ports: TestGateway.InMemory() with { Rows = _store, Blobs = _store }, time: _time);
        _gateway.ExpectsErrors = true;
        using var anyone = _gateway.ClientFor(null);

        var down = await anyone.ReadAsync("/readyz");
        Assert.StartsWith("503 storage_unavailable", down.Refusal);
        Assert.NotNull(down.Headers.RetryAfter);
        Assert.Equal((200, 200), ((await anyone.ReadAsync("/healthz")).Status, (await anyone.ReadAsync("/")).Status));

        _store.IsDown = false;
        _time.Advance(TimeSpan.FromSeconds(10));
        var up = await anyone.ReadAsync("/readyz");
        Assert.Equal((200, """{"status":"ok"}"""), (up.Status, up.Text));
        Assert.Equal("no-store", up.Headers.CacheControl!.ToString());
    }

    [Fact]
    public async Task Readiness_costs_one_small_read()
    {
        await StartAsync();
        using var anyone = Gateway.ClientFor(null);
        await anyone.ReadAsync("/readyz");
        _store.Reset();

        await anyone.ReadAsync("/readyz");

        Assert.Equal(1, _store.Operations);
    }

    private async Task<HttpClient> StartAsync(Dictionary<string, string?>? settings = null)
    {
        _gateway = await TestGateway.StartAsync(settings, TestGateway.InMemory() with { Rows = _store, Blobs = _store }, _time);
        _gateway.ExpectsErrors = true;
        await _gateway.ApplyAsync(Yaml.All(Yaml.Tenant(), Yaml.Consumer(), Yaml.Tool()));
        var app = _gateway.ClientFor(await _gateway.IssueKeyAsync("acme", "app"));
        Assert.Equal(200, await app.KnockAsync());
        return app;
    }
}
