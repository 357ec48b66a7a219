using System.Text;
using Stoa.Gateway.Config;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Storage;

namespace Stoa.Gateway.Tests.Config;

public sealed class ConfigStoreTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly ConfigBench _bench = new();

    [Fact]
    public async Task A_committed_revision_reads_back_as_it_was_written()
    {
        var spec = """{"url":"https://crm.example/ü","n":[1,2.50]}""";
        var tool = ConfigBench.Resource("Tool", "crm.search", spec, "uid-7") with { CreatedAt = _bench.Time.GetUtcNow() };

        var committed = await _bench.CommitAsync(tool, ConfigBench.Resource("Plan", "basic"));
        var read = await _bench.Join().GetAsync();

        Assert.Equal(1, committed!.Number);
        Assert.Equal((committed.Number, committed.Uid, committed.Tenant), (read!.Number, read.Uid, read.Tenant));
        Assert.Equal(["Plan/basic", "Tool/crm.search"], read.Resources.Select(r => $"{r.Kind}/{r.Name}"));
        var readTool = read.Find("Tool", "crm.search")!;
        Assert.Equal(spec, Encoding.UTF8.GetString(readTool.Spec.Span));
        Assert.Equal(tool with { Spec = default, Notes = default }, readTool with { Spec = default, Notes = default });
    }

    [Fact]
    public async Task An_empty_change_set_writes_nothing_and_answers_the_revision_in_force()
    {
        var before = await _bench.CommitAsync(ConfigBench.Resource("Tool", "a"));
        var blobs = await _bench.BlobNamesAsync();

        var after = await _bench.First.Config.CommitAsync(ConfigBench.Acme, _ => ChangeSet.None, "ann", None);

        Assert.Equal(before!.Number, after!.Number);
        Assert.Equal(blobs, await _bench.BlobNamesAsync());
        Assert.Null(await _bench.First.Config.CommitAsync(ConfigBench.Tenant("nobody"), _ => ChangeSet.None, "ann", None));
        Assert.Null(await _bench.First.Config.LoadHeadAsync(ConfigBench.Tenant("nobody"), None));
    }

    [Fact]
    public async Task Deletes_come_before_puts_and_the_rest_stays()
    {
        await _bench.CommitAsync(ConfigBench.Resource("Tool", "a"), ConfigBench.Resource("Tool", "b"), ConfigBench.Resource("Tool", "c"));

        var after = await _bench.First.Config.CommitAsync(
            ConfigBench.Acme,
            _ => new ChangeSet("swap", [ConfigBench.Resource("Tool", "a", """{"v":2}""")], [("Tool", "a"), ("Tool", "b"), ("Tool", "zz")]),
            "ann",
            None);

        Assert.Equal(["a", "c"], after!.Resources.Select(r => r.Name));
        Assert.Equal("""{"v":2}""", Encoding.UTF8.GetString(after.Find("Tool", "a")!.Spec.Span));
    }

    [Fact]
    public async Task Two_racing_stores_land_every_commit_exactly_once_in_sequence()
    {
        const int Each = 100;
        _bench.Store.Before = async _ => await Task.Yield();
        var racers = new[] { _bench.Join(time: TimeProvider.System), _bench.Join(time: TimeProvider.System) };

        await Task.WhenAll(racers.Select((racer, who) => Task.Run(async () =>
        {
            for (var i = 0; i < Each; i++)
            {
                var name = $"t-{who}-{i}";
                await racer.Config.CommitAsync(
                    ConfigBench.Acme, current => ConfigBench.Put(ConfigBench.Resource("Tool", name, $$"""{"on":{{current?.Number ?? 0}}}""")), "r", None);
            }
        })));

        var last = await _bench.First.GetAsync();
        Assert.Equal(2 * Each, last!.Number);
        Assert.Equal(2 * Each, last.Resources.Count);

        // Every commit was computed on the revision right before its own, none twice.
        Assert.Equal(
            Enumerable.Range(0, 2 * Each).Select(n => $$"""{"on":{{n}}}""").Order(),
            last.Resources.Select(r => Encoding.UTF8.GetString(r.Spec.Span)).Order());
        var history = await _bench.First.Config.HistoryAsync(ConfigBench.Acme, null, 1000, None);
        Assert.Equal(Enumerable.Range(1, 2 * Each).Reverse().Select(n => (long)n), history.Select(h => h.Number));
        Assert.All(racers, racer => Assert.NotNull(racer.GetAsync().AsTask().Result));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_writer_killed_at_any_await_leaves_the_old_or_the_new_revision_whole(bool appliesFirst)
    {
        var killed = 0;
        for (var n = 1; ; n++)
        {
            var bench = new ConfigBench();
            await bench.CommitAsync(ConfigBench.Resource("Tool", "old"));
            bench.Store.Reset(n, appliesFirst);
            var died = false;
            try
            {
                await bench.CommitAsync(ConfigBench.Resource("Tool", "new"));
            }
            catch (StorageUnavailableException)
            {
                died = true;
                killed++;
            }

            bench.Store.Reset();
            var other = bench.Join();
            var served = (await other.GetAsync())!;
            string[] names = [.. served.Resources.Select(r => r.Name)];
            Assert.True(served.Number == 1 ? names is ["old"] : names is ["new", "old"], $"{served.Number}: {string.Join(',', names)}");
            Assert.True(died || served.Number == 2);
            var history = await other.Config.HistoryAsync(ConfigBench.Acme, null, 100, None);
            Assert.Equal(Enumerable.Range(1, (int)served.Number).Reverse().Select(i => (long)i), history.Select(h => h.Number));

            var next = await other.Config.CommitAsync(ConfigBench.Acme, _ => ConfigBench.Put(ConfigBench.Resource("Tool", "next")), "bob", None);
            Assert.Equal(served.Number + 1, next!.Number);
            if (!died)
            {
                // Head, base blob, new blob, batch: all four were hit.
                Assert.Equal(4, killed);
                return;
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_unknown_outcome_is_settled_by_whose_history_row_it_is(bool landed)
    {
        var rows = new LosingAnswers(_bench.Rows, landed) { Competitor = _bench.First.Config };
        var log = new RevisionLog(rows, _bench.Blobs);
        var config = new ConfigStore(log, new ConfigReader(log, new ConfigSettings(), TimeProvider.System), TimeProvider.System);

        var result = await config.CommitAsync(ConfigBench.Acme, _ => ConfigBench.Put(ConfigBench.Resource("Tool", "mine")), "ann", None);

        // Not landed: somebody else's first revision stands there, and ours follows it.
        Assert.Equal(landed ? 1 : 2, result!.Number);
        var served = await _bench.Join().GetAsync();
        Assert.Equal(landed ? ["mine"] : ["mine", "theirs"], served!.Resources.Select(r => r.Name));
    }

    [Fact]
    public async Task A_deleted_tenant_is_gone_and_its_successor_is_another_with_growing_numbers()
    {
        var first = await _bench.CommitAsync(ConfigBench.Resource("Tool", "a"));
        Assert.True(await _bench.First.Config.DeleteAsync(ConfigBench.Acme, "ann", None));

        Assert.Null(await _bench.First.GetAsync());
        Assert.Null(await _bench.Join().GetAsync());
        Assert.False(await _bench.First.Config.DeleteAsync(ConfigBench.Acme, "ann", None));
        Assert.Empty((await _bench.First.Config.TenantsAsync(null, None)).Tenants);
        Assert.True((await _bench.First.Config.LoadHeadAsync(ConfigBench.Acme, None))!.Deleted);

        Revision? seen = first;
        var second = await _bench.First.Config.CommitAsync(
            ConfigBench.Acme,
            current =>
            {
                seen = current;
                return ConfigBench.Put(ConfigBench.Resource("Tool", "b"));
            },
            "bob",
            None);
        Assert.Null(seen);
        Assert.Equal(3, second!.Number);
        Assert.NotEqual(first!.Uid, second.Uid);
        Assert.Equal(["b"], (await _bench.Join().GetAsync())!.Resources.Select(r => r.Name));
        Assert.Equal([3, 2, 1], (await _bench.First.Config.HistoryAsync(ConfigBench.Acme, null, 100, None)).Select(h => h.Number));

        // The predecessor's configuration is not the successor's to restore.
        Assert.Null(await _bench.First.Config.RollbackAsync(ConfigBench.Acme, 1, "bob", None));
        Assert.Null(await _bench.First.Config.RollbackAsync(ConfigBench.Acme, 2, "bob", None));
        Assert.NotNull(await _bench.First.Config.LoadRevisionAsync(ConfigBench.Acme, 1, None));
    }

    [Fact]
    public async Task Tenants_are_listed_page_by_page_without_the_deleted_ones()
    {
        foreach (var slug in Enumerable.Range(10, 30).Select(i => $"tenant-{i}"))
        {
            await _bench.First.Config.CommitAsync(ConfigBench.Tenant(slug), _ => ConfigBench.Put(ConfigBench.Resource("Tool", "a")), "ann", None);
        }

        await _bench.First.Config.DeleteAsync(ConfigBench.Tenant("tenant-20"), "ann", None);

        var found = new List<string>();
        string? continuation = null;
        do
        {
            var page = await _bench.First.Config.TenantsAsync(continuation, None);
            found.AddRange(page.Tenants.Select(t => t.ToString()));
            continuation = page.Continuation;
        }
        while (continuation is not null);

        Assert.Equal(Enumerable.Range(10, 30).Where(i => i != 20).Select(i => $"tenant-{i}"), found);
    }

    [Fact]
    public async Task History_pages_from_the_newest_down()
    {
        for (var i = 1; i <= 25; i++)
        {
            await _bench.CommitAsync(ConfigBench.Resource("Tool", $"t{i}"));
        }

        var first = await _bench.First.Config.HistoryAsync(ConfigBench.Acme, null, 10, None);
        var second = await _bench.First.Config.HistoryAsync(ConfigBench.Acme, first[^1].Number, 10, None);

        Assert.Equal(Enumerable.Range(16, 10).Reverse().Select(n => (long)n), first.Select(h => h.Number));
        Assert.Equal(Enumerable.Range(6, 10).Reverse().Select(n => (long)n), second.Select(h => h.Number));
        Assert.Equal(("ann", "put", null), (first[0].By, first[0].Summary, first[0].RolledBackTo));
    }

    /// <summary>Loses the answer of the first batch: applied, or beaten by another writer's first revision.</summary>
    private sealed class LosingAnswers(IRowStore rows, bool landed) : IRowStore
    {
        private bool _lost;

        public ValueTask<Row?> GetAsync(string table, string partition, string key, CancellationToken ct) => rows.GetAsync(table, partition, key, ct);

        public ValueTask<RowPage> ListAsync(string table, RowRange range, int take, string? continuation, CancellationToken ct) =>
            rows.ListAsync(table, range, take, continuation, ct);

        public ValueTask<WriteResult> WriteAsync(string table, RowChange change, CancellationToken ct) => rows.WriteAsync(table, change, ct);

        public async ValueTask<BatchResult> WriteAsync(string table, IReadOnlyList<RowChange> changes, CancellationToken ct)
        {
            if (_lost)
            {
                return await rows.WriteAsync(table, changes, ct);
            }

            _lost = true;
            if (landed)
            {
                await rows.WriteAsync(table, changes, ct);
            }
            else
            {
                await Competitor.CommitAsync(ConfigBench.Acme, _ => ConfigBench.Put(ConfigBench.Resource("Tool", "theirs")), "bob", ct);
            }

            return new BatchResult(WriteStatus.Unknown, [], -1);
        }

        public required ConfigStore Competitor { get; init; }
    }
}
