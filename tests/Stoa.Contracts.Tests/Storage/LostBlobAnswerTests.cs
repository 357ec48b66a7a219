using System.Text;
using Stoa.Azure.Blobs;
using Stoa.Gateway.Storage;

namespace Stoa.Contracts.Tests.Storage;

/// <summary>What a store says of a write of a blob whose answer went missing.</summary>
public sealed class LostBlobAnswerTests(SharedAzurite azurite) : IAsyncLifetime
{
    private const string Container = "hostile";
    private readonly string _name = Guid.NewGuid().ToString();
    private HostileFront _front = null!;
    private AzureBlobStore _store = null!;
    private AzureBlobStore _others = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var blobs = (await azurite.ConnectAsync()).Blobs;
        _front = await HostileFront.StartAsync(blobs.Uri, Ct);
        _store = new(_front.Connection.Blobs, SharedAzurite.Patient, TimeProvider.System);
        _others = new(blobs, SharedAzurite.Patient, TimeProvider.System);
        Assert.True((await _store.InsertAsync(Container, $"first/{_name}", Bytes("0"), Ct)).IsDone);
    }

    public async ValueTask DisposeAsync() => await _front.DisposeAsync();

    [Theory]
    [InlineData(Fault.LostAfter, 1)]
    [InlineData(Fault.LostBefore, 2)]
    [InlineData(Fault.HangsAfter, 1)]
    [InlineData(Fault.ErrorAfter, 1)]
    [InlineData(Fault.Busy, 2)]
    [InlineData(Fault.Late, 2)]
    public async Task A_write_is_done_exactly_once_whatever_became_of_its_answer(Fault fault, int sendings)
    {
        var before = _front.Writes.Count;
        _front.Spoil(fault);
        var inserted = await _store.InsertAsync(Container, _name, Bytes("1"), Ct);
        Assert.Equal((WriteStatus.Done, sendings), (inserted.Status, _front.Writes.Count - before));

        before = _front.Writes.Count;
        _front.Spoil(fault);
        var replaced = await _store.ReplaceAsync(Container, _name, Bytes("2"), inserted.ETag, Ct);
        Assert.Equal((WriteStatus.Done, sendings), (replaced.Status, _front.Writes.Count - before));
        Assert.Equal(replaced.ETag, (await _others.GetAsync(Container, _name, Ct))!.ETag);
    }

    [Fact]
    public async Task A_write_that_others_may_have_built_upon_is_unknown()
    {
        _front.Spoil(Fault.LostAfter, ReplacedByOthersAsync);
        var inserted = await _store.InsertAsync(Container, _name, Bytes("1"), Ct);
        Assert.Equal(WriteStatus.Unknown, inserted.Status);

        _front.Spoil(Fault.LostAfter, ReplacedByOthersAsync);
        var etag = (await _others.GetAsync(Container, _name, Ct))!.ETag;
        Assert.Equal(WriteStatus.Unknown, (await _store.ReplaceAsync(Container, _name, Bytes("2"), etag, Ct)).Status);
    }

    [Fact]
    public async Task An_insert_that_others_came_before_finds_theirs()
    {
        _front.Spoil(Fault.LostBefore, async () => Assert.True((await _others.InsertAsync(Container, _name, Bytes("others"), Ct)).IsDone));

        Assert.Equal(WriteStatus.Exists, (await _store.InsertAsync(Container, _name, Bytes("1"), Ct)).Status);
    }

    [Theory]
    [InlineData(Fault.LostAfter, WriteStatus.Unknown)]
    [InlineData(Fault.LostBefore, WriteStatus.Done)]
    public async Task A_deletion_leaves_no_trace_so_it_is_done_or_unknown(Fault fault, WriteStatus expected)
    {
        await _others.InsertAsync(Container, _name, Bytes("1"), Ct);
        _front.Spoil(fault);

        Assert.Equal(expected, await _store.DeleteAsync(Container, _name, Ct));
        Assert.Null(await _others.GetAsync(Container, _name, Ct));
    }

    private static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private async Task ReplacedByOthersAsync()
    {
        var etag = (await _others.GetAsync(Container, _name, Ct))!.ETag;
        Assert.True((await _others.ReplaceAsync(Container, _name, Bytes("others"), etag, Ct)).IsDone);
    }
}
