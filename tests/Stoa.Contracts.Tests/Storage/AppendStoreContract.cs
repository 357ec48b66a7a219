using System.Text;
using Stoa.Gateway.Storage;

namespace Stoa.Contracts.Tests.Storage;

/// <summary>What <see cref="IAppendStore"/> promises, of every implementation.</summary>
public abstract class AppendStoreContract : IAsyncLifetime
{
    private readonly string _container = $"c-{Guid.NewGuid():N}";
    private IAppendStore _store = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected abstract ValueTask<IAppendStore> OpenAsync();

    public async ValueTask InitializeAsync() => _store = await OpenAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_container_that_nobody_wrote_to_is_empty()
    {
        Assert.Null(await _store.LengthAsync(_container, "a", Ct));
        Assert.Null(await _store.ReadAsync(_container, "a", 0, 10, Ct));
        Assert.Empty((await _store.ListAsync(_container, "", 10, null, Ct)).Entries);
        Assert.Equal(WriteStatus.Missing, await AppendAsync("a", "x", 0));
    }

    [Fact]
    public async Task A_blob_is_made_once_and_grows_block_by_block()
    {
        Assert.Equal(WriteStatus.Done, await _store.CreateAsync(_container, "day/a.jsonl", Ct));
        Assert.Equal(WriteStatus.Exists, await _store.CreateAsync(_container, "day/a.jsonl", Ct));
        Assert.Equal(0, await _store.LengthAsync(_container, "day/a.jsonl", Ct));

        Assert.Equal(WriteStatus.Done, await AppendAsync("day/a.jsonl", "one\n", 0));
        Assert.Equal(WriteStatus.Done, await AppendAsync("day/a.jsonl", "two\n", 4));

        Assert.Equal("one\ntwo\n", await TextAsync("day/a.jsonl", 0, 100));
        Assert.Equal(8, await _store.LengthAsync(_container, "day/a.jsonl", Ct));
        Assert.Equal(WriteStatus.Exists, await _store.CreateAsync(_container, "day/a.jsonl", Ct));
        Assert.Equal(8, await _store.LengthAsync(_container, "day/a.jsonl", Ct));
    }

    [Fact]
    public async Task A_block_goes_to_the_end_and_nowhere_else()
    {
        await _store.CreateAsync(_container, "a", Ct);
        await AppendAsync("a", "one\n", 0);

        Assert.Equal(WriteStatus.Stale, await AppendAsync("a", "two\n", 0));
        Assert.Equal(WriteStatus.Stale, await AppendAsync("a", "two\n", 3));
        Assert.Equal(WriteStatus.Stale, await AppendAsync("a", "two\n", 5));
        Assert.Equal(WriteStatus.Stale, await AppendAsync("a", "one\nand more", 0));
        Assert.Equal("one\n", await TextAsync("a", 0, 100));
    }

    [Fact]
    public async Task A_block_that_stands_there_already_is_done_again_and_stands_there_once()
    {
        await _store.CreateAsync(_container, "a", Ct);
        await AppendAsync("a", "one\n", 0);
        Assert.Equal(WriteStatus.Done, await AppendAsync("a", "one\n", 0));

        await AppendAsync("a", "two\n", 4);
        Assert.Equal(WriteStatus.Done, await AppendAsync("a", "one\n", 0));
        Assert.Equal("one\ntwo\n", await TextAsync("a", 0, 100));
    }

    [Fact]
    public async Task Parts_can_be_read_and_behind_the_end_is_nothing()
    {
        await _store.CreateAsync(_container, "a", Ct);
        Assert.Equal("", await TextAsync("a", 0, 10));
        await AppendAsync("a", "0123456789", 0);

        Assert.Equal("345", await TextAsync("a", 3, 3));
        Assert.Equal("89", await TextAsync("a", 8, 100));
        Assert.Equal("", await TextAsync("a", 10, 1));
        Assert.Equal("", await TextAsync("a", 1000, 1));
    }

    [Fact]
    public async Task A_listing_is_ordinal_goes_on_over_pages_and_tells_lengths()
    {
        string[] names = ["ledger/2026/01/01/00/00/a-0.jsonl", "ledger/2026/01/01/00/00/b-0.jsonl", "ledger/2026/01/01/00/10/a-0.jsonl", "tile/0/000"];
        foreach (var name in names.Reverse())
        {
            await _store.CreateAsync(_container, name, Ct);
            await AppendAsync(name, name, 0);
        }

        var listed = new List<BlobEntry>();
        string? next = null;
        do
        {
            var page = await _store.ListAsync(_container, "ledger/", 2, next, Ct);
            listed.AddRange(page.Entries);
            next = page.Continuation;
        }
        while (next is not null);

        Assert.Equal(names[..3], listed.Select(entry => entry.Name));
        Assert.All(listed, entry => Assert.Equal(entry.Name.Length, entry.Length));
    }

    [Fact]
    public async Task Of_racing_blocks_for_one_position_one_is_done()
    {
        await _store.CreateAsync(_container, "a", Ct);

        var ends = await Task.WhenAll(Enumerable.Range(0, 8).Select(async i => await AppendAsync("a", $"writer {i}\n", 0)));

        Assert.Single(ends, WriteStatus.Done);
        Assert.All(ends, end => Assert.True(end is WriteStatus.Done or WriteStatus.Stale));
        Assert.Equal(9, await _store.LengthAsync(_container, "a", Ct));
    }

    [Fact]
    public async Task A_block_as_large_as_allowed_is_kept()
    {
        var block = new byte[4 * 1024 * 1024];
        Random.Shared.NextBytes(block);
        await _store.CreateAsync(_container, "a", Ct);

        Assert.Equal(WriteStatus.Done, await _store.AppendAsync(_container, "a", block, 0, Ct));

        Assert.Equal(block, (await _store.ReadAsync(_container, "a", 0, block.Length, Ct))!.Value.ToArray());
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await _store.AppendAsync(_container, "a", new byte[block.Length + 1], block.Length, Ct));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await _store.AppendAsync(_container, "a", default, block.Length, Ct));
    }

    private async Task<WriteStatus> AppendAsync(string name, string text, long position) =>
        await _store.AppendAsync(_container, name, Encoding.UTF8.GetBytes(text), position, Ct);

    private async Task<string> TextAsync(string name, long from, int most) =>
        Encoding.UTF8.GetString((await _store.ReadAsync(_container, name, from, most, Ct))!.Value.Span);
}
