using System.Security.Cryptography;
using System.Text;
using Stoa.Gateway.Config;
using Stoa.Gateway.Storage;

namespace Stoa.Gateway.Tests.Config;

public sealed class ConfigReaderTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);
    private readonly ConfigBench _bench = new();

    [Fact]
    public async Task A_commit_is_effective_at_once_here_and_after_the_freshness_period_elsewhere()
    {
        var other = _bench.Join();
        await _bench.CommitAsync(ConfigBench.Resource("Tool", "a"));
        Assert.Equal(1, (await other.GetAsync())!.Number);

        await _bench.CommitAsync(ConfigBench.Resource("Tool", "b"));

        _bench.Store.Reset();
        Assert.Equal(2, (await _bench.First.GetAsync())!.Number);
        _bench.Time.Advance(TimeSpan.FromSeconds(5) - Millisecond);
        Assert.Equal(1, (await other.GetAsync())!.Number);
        Assert.Equal(0, _bench.Store.Operations);
        _bench.Time.Advance(Millisecond);
        Assert.Equal(2, (await other.GetAsync())!.Number);
        Assert.Equal(2, _bench.Store.Operations);
    }

    [Fact]
    public async Task An_unchanged_pointer_costs_one_small_read_and_keeps_the_same_object()
    {
        await _bench.CommitAsync(ConfigBench.Resource("Tool", "a"));
        var other = _bench.Join();
        var first = await other.GetAsync();
        _bench.Time.Advance(TimeSpan.FromSeconds(6));
        _bench.Store.Reset();

        Assert.Same(first, await other.GetAsync());
        Assert.Same(first, await other.GetAsync());

        Assert.Equal(1, _bench.Store.Operations);
    }

    [Fact]
    public async Task Without_storage_the_last_revision_serves_for_sixty_seconds_to_the_millisecond()
    {
        await _bench.CommitAsync(ConfigBench.Resource("Tool", "a"));
        var other = _bench.Join();
        await other.GetAsync();
        _bench.Store.IsDown = true;

        _bench.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(1, (await other.GetAsync())!.Number);
        _bench.Time.Advance(TimeSpan.FromSeconds(55) - Millisecond);
        Assert.Equal(1, (await other.GetAsync())!.Number);
        _bench.Time.Advance(Millisecond);
        await Assert.ThrowsAsync<StorageUnavailableException>(async () => await other.GetAsync());

        _bench.Store.IsDown = false;
        Assert.Equal(1, (await other.GetAsync())!.Number);
    }

    [Fact]
    public async Task After_a_failed_check_the_next_calls_do_not_wait_for_storage_to_fail_again()
    {
        await _bench.CommitAsync(ConfigBench.Resource("Tool", "a"));
        _bench.Store.IsDown = true;
        _bench.Time.Advance(TimeSpan.FromSeconds(10));
        await _bench.First.GetAsync();
        _bench.Store.Reset();

        _bench.Time.Advance(TimeSpan.FromSeconds(1) - Millisecond);
        Assert.NotNull(await _bench.First.GetAsync());
        Assert.Equal(0, _bench.Store.Operations);
        _bench.Time.Advance(Millisecond);
        Assert.NotNull(await _bench.First.GetAsync());
        Assert.Equal(1, _bench.Store.Operations);
    }

    [Fact]
    public async Task With_no_staleness_allowed_a_failed_check_refuses_at_once()
    {
        var strict = _bench.Join(new ConfigSettings { MaxStale = TimeSpan.Zero });
        await _bench.CommitAsync(ConfigBench.Resource("Tool", "a"));
        Assert.NotNull(await strict.GetAsync());
        _bench.Store.IsDown = true;

        _bench.Time.Advance(TimeSpan.FromSeconds(5));

        await Assert.ThrowsAsync<StorageUnavailableException>(async () => await strict.GetAsync());
        await Assert.ThrowsAsync<StorageUnavailableException>(async () => await strict.GetAsync());
    }

    [Fact]
    public async Task Callers_of_one_tenant_share_one_check_and_one_may_leave_early()
    {
        await _bench.CommitAsync(ConfigBench.Resource("Tool", "a"));
        var other = _bench.Join();
        var hold = new TaskCompletionSource();
        _bench.Store.Reset();
        _bench.Store.Before = async _ => await hold.Task;
        using var impatient = new CancellationTokenSource();

        var leaving = other.Reader.GetAsync(ConfigBench.Acme, impatient.Token).AsTask();
        var waiting = Enumerable.Range(0, 50).Select(_ => other.GetAsync().AsTask()).ToList();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        hold.SetResult();
        var all = await Task.WhenAll(waiting);

        Assert.All(all, revision => Assert.Equal(1, revision!.Number));
        Assert.Equal(2, _bench.Store.Operations);
    }

    [Fact]
    public async Task A_slow_check_never_takes_back_what_this_instance_committed_meanwhile()
    {
        await _bench.CommitAsync(ConfigBench.Resource("Tool", "a"));
        _bench.Time.Advance(TimeSpan.FromSeconds(6));
        var reading = new TaskCompletionSource();
        var hold = new TaskCompletionSource();

        // The check reads the old pointer and is then held up before the answer arrives.
        var slowRows = new HeldReads(_bench.Rows, reading, hold);
        var log = new RevisionLog(slowRows, _bench.Blobs);
        var reader = new ConfigReader(log, new ConfigSettings(), _bench.Time);
        reader.Publish(ConfigBench.Acme, 1, (await _bench.First.GetAsync())!.Uid, await _bench.First.GetAsync());
        _bench.Time.Advance(TimeSpan.FromSeconds(6));
        var check = reader.GetAsync(ConfigBench.Acme, None).AsTask();
        await reading.Task;
        var newer = (await _bench.CommitAsync(ConfigBench.Resource("Tool", "b")))!;
        reader.Publish(ConfigBench.Acme, newer.Number, newer.Uid, newer);
        hold.SetResult();

        Assert.Equal(2, (await check)!.Number);
        Assert.Equal(2, (await reader.GetAsync(ConfigBench.Acme, None))!.Number);

        reader.Publish(ConfigBench.Acme, 1, newer.Uid, null);
        Assert.Equal(2, (await reader.GetAsync(ConfigBench.Acme, None))!.Number);
    }

    [Fact]
    public async Task An_unknown_tenant_is_asked_for_once_per_period_and_found_when_it_appears()
    {
        var ghost = ConfigBench.Tenant("ghost");
        _bench.Store.Reset();
        Assert.Null(await _bench.First.GetAsync(ghost));
        Assert.Null(await _bench.First.GetAsync(ghost));
        Assert.Equal(1, _bench.Store.Operations);

        await _bench.Join().Config.CommitAsync(ghost, _ => ConfigBench.Put(ConfigBench.Resource("Tool", "a")), "ann", None);
        Assert.Null(await _bench.First.GetAsync(ghost));
        _bench.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(1, (await _bench.First.GetAsync(ghost))!.Number);
    }

    [Fact]
    public async Task An_unknown_tenant_is_a_fault_while_storage_is_down()
    {
        _bench.Store.IsDown = true;

        await Assert.ThrowsAsync<StorageUnavailableException>(async () => await _bench.First.GetAsync());
    }

    [Fact]
    public void However_many_slugs_are_guessed_the_memory_of_them_is_bounded()
    {
        var unknown = new UnknownTenants(TimeSpan.FromSeconds(5), _bench.Time);

        for (var i = 0; i < 3 * UnknownTenants.Capacity; i++)
        {
            unknown.Add(ConfigBench.Tenant($"guess-{i}"), 0);
            Assert.True(unknown.Count <= UnknownTenants.Capacity);
        }

        Assert.True(unknown.Count > UnknownTenants.Capacity / 2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_damaged_blob_is_a_clear_fault_and_is_not_served(bool missing)
    {
        await _bench.CommitAsync(ConfigBench.Resource("Tool", "a", """{"url":"https://good.example"}"""));
        var name = Assert.Single(await _bench.BlobNamesAsync());
        var blob = (await _bench.Blobs.GetAsync(RevisionLog.Container, name, None))!;
        if (missing)
        {
            await _bench.Blobs.DeleteAsync(RevisionLog.Container, name, None);
        }
        else
        {
            var forged = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(blob.Content.Span).Replace("good", "evil", StringComparison.Ordinal));
            await _bench.Blobs.ReplaceAsync(RevisionLog.Container, name, forged, blob.ETag, None);
        }

        var fault = await Assert.ThrowsAsync<InvalidDataException>(async () => await _bench.Join().GetAsync());

        Assert.Contains("revision 1 of tenant 'acme'", fault.Message, StringComparison.Ordinal);
        Assert.Contains(missing ? "missing" : "SHA-256", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"format":2,"tenant":"acme","revision":1,"uid":"u","resources":[]}""", "format is unknown")]
    [InlineData("""{"format":1,"tenant":"other","revision":1,"uid":"u","resources":[]}""", "another revision")]
    [InlineData("""{"format":1,"tenant":"acme","revision":2,"uid":"u","resources":[]}""", "another revision")]
    [InlineData("""{"format":1,"tenant":"acme","revision":1,"resources":[]}""", "not a revision document")]
    [InlineData("""{"format":1,""", "not a revision document")]
    public void A_blob_that_is_another_revision_or_none_is_refused(string json, string because)
    {
        var content = Encoding.UTF8.GetBytes(json);

        var fault = Assert.Throws<InvalidDataException>(() =>
            RevisionBlob.Read(content, ConfigBench.Acme, 1, Convert.ToHexStringLower(SHA256.HashData(content))));

        Assert.Contains(because, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_warm_read_completes_synchronously_and_allocates_nothing()
    {
        await _bench.CommitAsync(ConfigBench.Resource("Tool", "a"));
        var reader = _bench.First.Reader;
        Allocated();

        // The runtime may allocate on a thread of ours while it compiles; not in every round.
        Assert.Equal(0, Enumerable.Range(0, 10).Min(_ => Allocated()));

        long Allocated()
        {
            var (before, completed) = (GC.GetAllocatedBytesForCurrentThread(), 0);
            for (var i = 0; i < 1000; i++)
            {
                var read = reader.GetAsync(ConfigBench.Acme, None);
                completed += read.IsCompletedSuccessfully ? 1 : 0;
            }

            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.Equal(1000, completed);
            return allocated;
        }
    }

    private sealed class HeldReads(IRowStore rows, TaskCompletionSource reading, TaskCompletionSource hold) : IRowStore
    {
        public async ValueTask<Row?> GetAsync(string table, string partition, string key, CancellationToken ct)
        {
            var row = await rows.GetAsync(table, partition, key, ct);
            reading.TrySetResult();
            await hold.Task;
            return row;
        }

        public ValueTask<RowPage> ListAsync(string table, RowRange range, int take, string? continuation, CancellationToken ct) =>
            throw new NotSupportedException();

        public ValueTask<WriteResult> WriteAsync(string table, RowChange change, CancellationToken ct) => throw new NotSupportedException();

        public ValueTask<BatchResult> WriteAsync(string table, IReadOnlyList<RowChange> changes, CancellationToken ct) =>
            throw new NotSupportedException();
    }
}
