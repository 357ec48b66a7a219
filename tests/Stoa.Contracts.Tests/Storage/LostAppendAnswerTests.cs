using System.Text;
using Stoa.Azure.Blobs;
using Stoa.Gateway.Storage;

namespace Stoa.Contracts.Tests.Storage;

/// <summary>What a store says of an append whose answer went missing.</summary>
public sealed class LostAppendAnswerTests(SharedAzurite azurite) : IAsyncLifetime
{
    private const string Container = "hostile";
    private readonly string _name = Guid.NewGuid().ToString();
    private HostileFront _front = null!;
    private AzureAppendStore _others = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var blobs = (await azurite.ConnectAsync()).Blobs;
        _front = await HostileFront.StartAsync(blobs.Uri, Ct);
        _others = new(blobs, SharedAzurite.Patient, TimeProvider.System);
        await _others.CreateAsync(Container, $"first-{_name}", Ct);
    }

    public async ValueTask DisposeAsync() => await _front.DisposeAsync();

    [Theory]
    [InlineData(Fault.LostAfter)]
    [InlineData(Fault.LostBefore)]
    [InlineData(Fault.HangsAfter)]
    [InlineData(Fault.ErrorAfter)]
    [InlineData(Fault.Busy)]
    [InlineData(Fault.Late)]
    public async Task A_block_is_appended_exactly_once_whatever_became_of_its_answer(Fault fault)
    {
        var store = Store();
        _front.Spoil(fault);
        Assert.Equal(WriteStatus.Done, await store.CreateAsync(Container, _name, Ct));

        _front.Spoil(fault);
        Assert.Equal(WriteStatus.Done, await store.AppendAsync(Container, _name, Bytes("one\n"), 0, Ct));
        _front.Spoil(fault);
        _front.Spoil(fault);
        Assert.Equal(WriteStatus.Done, await store.AppendAsync(Container, _name, Bytes("two\n"), 4, Ct));

        Assert.Equal("one\ntwo\n", Encoding.UTF8.GetString((await _others.ReadAsync(Container, _name, 0, 100, Ct))!.Value.Span));
    }

    [Fact]
    public async Task A_block_that_another_writer_came_before_is_stale_whether_or_not_an_answer_was_lost()
    {
        var store = Store();
        await store.CreateAsync(Container, _name, Ct);
        _front.Spoil(Fault.LostBefore, async () => await _others.AppendAsync(Container, _name, Bytes("theirs\n"), 0, Ct));

        Assert.Equal(WriteStatus.Stale, await store.AppendAsync(Container, _name, Bytes("ours\n"), 0, Ct));
        Assert.Equal(WriteStatus.Stale, await store.AppendAsync(Container, _name, Bytes("ours\n"), 0, Ct));
    }

    [Fact]
    public async Task A_block_that_others_built_upon_before_its_answer_was_lost_is_done()
    {
        var store = Store();
        await store.CreateAsync(Container, _name, Ct);
        _front.Spoil(Fault.LostAfter, async () => await _others.AppendAsync(Container, _name, Bytes("theirs\n"), 5, Ct));

        Assert.Equal(WriteStatus.Done, await store.AppendAsync(Container, _name, Bytes("ours\n"), 0, Ct));
        Assert.Equal(12, await _others.LengthAsync(Container, _name, Ct));
    }

    [Fact]
    public async Task A_creation_that_another_writer_came_before_says_so()
    {
        var store = Store();
        _front.Spoil(Fault.LostBefore, async () => await _others.CreateAsync(Container, _name, Ct));

        Assert.Equal(WriteStatus.Exists, await store.CreateAsync(Container, _name, Ct));
    }

    private AzureAppendStore Store() => new(_front.Connection.Blobs, SharedAzurite.Patient, TimeProvider.System);

    private static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
