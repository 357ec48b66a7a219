using System.Text;
using Stoa.Azure.Rest;
using Stoa.Azure.Tables;
using Stoa.Gateway.Storage;

namespace Stoa.Contracts.Tests.Storage;

/// <summary>What a store says of rows whose write was not answered: never "not done" of one that was done, nor the reverse.</summary>
public sealed class LostRowAnswerTests(SharedAzurite azurite) : IAsyncLifetime
{
    private const string Table = "hostile";
    private readonly string _p = Guid.NewGuid().ToString();
    private HostileFront _front = null!;
    private AzureRowStore _store = null!;
    private AzureRowStore _others = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var tables = (await azurite.ConnectAsync()).Tables;
        _front = await HostileFront.StartAsync(tables.Uri, Ct);
        _store = new(_front.Connection.Tables, SharedAzurite.Patient, TimeProvider.System);
        _others = new(tables, SharedAzurite.Patient, TimeProvider.System);

        // The table and a kept-alive connection are there before anything goes wrong.
        await InsertedAsync("first", "0");
    }

    public async ValueTask DisposeAsync() => await _front.DisposeAsync();

    [Theory]
    [InlineData(Fault.LostAfter, 1)]
    [InlineData(Fault.LostBefore, 2)]
    [InlineData(Fault.HangsAfter, 1)]
    [InlineData(Fault.HangsBefore, 2)]
    [InlineData(Fault.ErrorAfter, 1)]
    [InlineData(Fault.ErrorBefore, 2)]
    [InlineData(Fault.Busy, 2)]
    [InlineData(Fault.Late, 2)]
    public async Task A_write_is_done_exactly_once_whatever_became_of_its_answer(Fault fault, int sendings)
    {
        var before = _front.Writes.Count;
        _front.Spoil(fault);
        var inserted = await _store.WriteAsync(Table, RowChange.Insert(_p, "k", Bytes("1")), Ct);
        Assert.Equal((WriteStatus.Done, sendings), (inserted.Status, _front.Writes.Count - before));
        Assert.Equal(inserted.ETag, (await RowAsync("k"))!.ETag);

        before = _front.Writes.Count;
        _front.Spoil(fault);
        var replaced = await _store.WriteAsync(Table, RowChange.Replace(_p, "k", Bytes("2"), inserted.ETag), Ct);
        Assert.Equal((WriteStatus.Done, sendings), (replaced.Status, _front.Writes.Count - before));
        Assert.Equal(replaced.ETag, (await RowAsync("k"))!.ETag);
        Assert.Equal("2", await ValueAsync("k"));
    }

    [Theory]
    [InlineData(Fault.LostAfter, 1)]
    [InlineData(Fault.LostBefore, 2)]
    [InlineData(Fault.HangsBefore, 2)]
    [InlineData(Fault.ErrorAfter, 1)]
    [InlineData(Fault.Busy, 2)]
    [InlineData(Fault.Late, 2)]
    public async Task A_batch_is_done_exactly_once_whatever_became_of_its_answer(Fault fault, int sendings)
    {
        var (a, b) = (await InsertedAsync("a", "1"), await InsertedAsync("b", "1"));
        var before = _front.Writes.Count;
        _front.Spoil(fault);

        var batch = await _store.WriteAsync(
            Table, [RowChange.Replace(_p, "a", Bytes("2"), a), RowChange.Insert(_p, "new", Bytes("2")), RowChange.Delete(_p, "b", b)], Ct);

        Assert.Equal((WriteStatus.Done, sendings), (batch.Status, _front.Writes.Count - before));
        Assert.Equal([(await RowAsync("a"))!.ETag, (await RowAsync("new"))!.ETag, default], batch.ETags);
        Assert.Null(await RowAsync("b"));
    }

    [Fact]
    public async Task A_replacement_that_others_may_have_built_upon_is_unknown()
    {
        var etag = await InsertedAsync("k", "1");
        _front.Spoil(Fault.LostAfter, () => ReplacedByOthersAsync("k"));

        Assert.Equal(WriteStatus.Unknown, (await _store.WriteAsync(Table, RowChange.Replace(_p, "k", Bytes("2"), etag), Ct)).Status);

        etag = (await RowAsync("k"))!.ETag;
        _front.Spoil(Fault.LostBefore, () => ReplacedByOthersAsync("k"));

        Assert.Equal(WriteStatus.Unknown, (await _store.WriteAsync(Table, RowChange.Replace(_p, "k", Bytes("2"), etag), Ct)).Status);
        Assert.Equal("others", await ValueAsync("k"));
    }

    [Fact]
    public async Task An_insert_that_others_have_built_upon_is_done_with_a_version_of_the_past()
    {
        _front.Spoil(Fault.LostAfter, () => ReplacedByOthersAsync("k"));

        var inserted = await _store.WriteAsync(Table, RowChange.Insert(_p, "k", Bytes("1")), Ct);

        Assert.Equal(WriteStatus.Done, inserted.Status);
        Assert.Equal(WriteStatus.Stale, (await _store.WriteAsync(Table, RowChange.Replace(_p, "k", Bytes("2"), inserted.ETag), Ct)).Status);
        Assert.Equal("others", await ValueAsync("k"));
    }

    [Fact]
    public async Task An_insert_that_others_came_before_finds_theirs()
    {
        _front.Spoil(Fault.LostBefore, () => InsertedByOthersAsync("k"));
        Assert.Equal(WriteStatus.Exists, (await _store.WriteAsync(Table, RowChange.Insert(_p, "k", Bytes("1")), Ct)).Status);

        _front.Spoil(Fault.LostBefore, () => InsertedByOthersAsync("b"));
        var batch = await _store.WriteAsync(Table, [RowChange.Insert(_p, "a", Bytes("1")), RowChange.Insert(_p, "b", Bytes("1"))], Ct);

        // Row a is not there, so the batch goes out again and the service names the row at fault.
        Assert.Equal((WriteStatus.Exists, 1), (batch.Status, batch.FailedIndex));
        Assert.Null(await RowAsync("a"));
    }

    [Theory]
    [InlineData(Fault.LostAfter, WriteStatus.Unknown)]
    [InlineData(Fault.ErrorAfter, WriteStatus.Unknown)]
    [InlineData(Fault.LostBefore, WriteStatus.Done)]
    [InlineData(Fault.Busy, WriteStatus.Done)]
    public async Task A_deletion_leaves_no_trace_so_it_is_done_or_unknown(Fault fault, WriteStatus expected)
    {
        var etag = await InsertedAsync("k", "1");
        _front.Spoil(fault);

        Assert.Equal(expected, (await _store.WriteAsync(Table, RowChange.Delete(_p, "k", etag), Ct)).Status);
        Assert.Null(await RowAsync("k"));
    }

    [Fact]
    public async Task A_batch_is_told_by_the_rows_that_others_left_alone()
    {
        var (a, b) = (await InsertedAsync("a", "1"), await InsertedAsync("b", "1"));
        _front.Spoil(Fault.LostAfter, () => ReplacedByOthersAsync("a"));

        var batch = await _store.WriteAsync(
            Table, [RowChange.Replace(_p, "a", Bytes("2"), a), RowChange.Replace(_p, "b", Bytes("2"), b)], Ct);

        Assert.Equal(WriteStatus.Done, batch.Status);
        Assert.Equal((await RowAsync("b"))!.ETag, batch.ETags[1]);
        Assert.Equal(WriteStatus.Stale, (await _store.WriteAsync(Table, RowChange.Delete(_p, "a", batch.ETags[0]), Ct)).Status);
    }

    [Fact]
    public async Task A_batch_of_which_no_row_can_tell_is_unknown()
    {
        var (a, b) = (await InsertedAsync("a", "1"), await InsertedAsync("b", "1"));
        _front.Spoil(Fault.LostAfter, () => ReplacedByOthersAsync("a"));

        var batch = await _store.WriteAsync(Table, [RowChange.Replace(_p, "a", Bytes("2"), a), RowChange.Delete(_p, "b", b)], Ct);

        Assert.Equal((WriteStatus.Unknown, -1), (batch.Status, batch.FailedIndex));
    }

    [Fact]
    public async Task A_busy_service_is_given_the_time_that_it_asks_for()
    {
        _front.Spoil(Fault.Busy);

        await _store.WriteAsync(Table, RowChange.Insert(_p, "k", Bytes("1")), Ct);

        var times = _front.Writes.Select(write => write.At).ToArray();
        Assert.True(times[^1] - times[^2] >= TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_service_that_never_answers_is_given_up_in_time_and_without_a_secret_in_the_message()
    {
        var patience = new StorageSettings(Try: TimeSpan.FromMilliseconds(200), Operation: TimeSpan.FromSeconds(1));
        var store = StoreAt(_front.ConnectionString, patience);
        for (var i = 0; i < 20; i++)
        {
            _front.Spoil(Fault.HangsBefore);
        }

        var started = TimeProvider.System.GetTimestamp();
        var fault = await Assert.ThrowsAsync<StorageUnavailableException>(
            async () => await store.WriteAsync(Table, RowChange.Insert(_p, "k", Bytes("1")), Ct));

        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(60));
        Assert.DoesNotContain(Stoa.Testing.Azurite.Key, fault.ToString(), StringComparison.Ordinal);
        Assert.Null(await RowAsync("k"));
    }

    [Fact]
    public async Task A_service_that_nobody_runs_is_unavailable()
    {
        using var nobody = new Stoa.Testing.ClosedPort();
        var store = StoreAt(_front.ConnectionString.Replace(new Uri(_front.Url).Authority, nobody.Url.Authority, StringComparison.Ordinal), StorageSettings.Default);

        await Assert.ThrowsAsync<StorageUnavailableException>(async () => await store.GetAsync(Table, _p, "k", Ct));
        await Assert.ThrowsAsync<StorageUnavailableException>(
            async () => await store.WriteAsync(Table, RowChange.Insert(_p, "k", Bytes("1")), Ct));
    }

    [Fact]
    public async Task A_service_that_refuses_the_key_is_unavailable_and_says_why()
    {
        var wrong = _front.ConnectionString.Replace(Stoa.Testing.Azurite.Key, "d3Jvbmc=", StringComparison.Ordinal);
        var store = StoreAt(wrong, SharedAzurite.Patient);

        var fault = await Assert.ThrowsAsync<StorageUnavailableException>(
            async () => await store.WriteAsync(Table, RowChange.Insert(_p, "k", Bytes("1")), Ct));

        Assert.Contains("403 AuthorizationFailure", fault.Message, StringComparison.Ordinal);
    }

    private static AzureRowStore StoreAt(string connection, StorageSettings settings) =>
        new(StorageConnection.Parse(connection, TimeProvider.System).Tables, settings, TimeProvider.System);

    private static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private async Task<ETag> InsertedAsync(string key, string value)
    {
        var inserted = await _store.WriteAsync(Table, RowChange.Insert(_p, key, Bytes(value)), Ct);
        Assert.True(inserted.IsDone);
        return inserted.ETag;
    }

    private async Task InsertedByOthersAsync(string key) =>
        Assert.True((await _others.WriteAsync(Table, RowChange.Insert(_p, key, Bytes("others")), Ct)).IsDone);

    private async Task ReplacedByOthersAsync(string key) =>
        Assert.True((await _others.WriteAsync(Table, RowChange.Replace(_p, key, Bytes("others"), (await RowAsync(key))!.ETag), Ct)).IsDone);

    private async Task<Row?> RowAsync(string key) => await _others.GetAsync(Table, _p, key, Ct);

    private async Task<string> ValueAsync(string key) => Encoding.UTF8.GetString((await RowAsync(key))!.Value.Span);
}
