using System.Text;
using Stoa.Gateway.Storage;

namespace Stoa.Contracts.Tests.Storage;

/// <summary>What <see cref="IBlobStore"/> promises, of every implementation.</summary>
public abstract class BlobStoreContract : IAsyncLifetime
{
    private readonly string _container = $"c-{Guid.NewGuid():N}";
    private IBlobStore _store = null!;

    protected abstract ValueTask<IBlobStore> OpenAsync();

    public async ValueTask InitializeAsync() => _store = await OpenAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private async Task<ETag> InsertedAsync(string name, string content)
    {
        var result = await _store.InsertAsync(_container, name, Bytes(content), Ct);
        Assert.Equal(WriteStatus.Done, result.Status);
        return result.ETag;
    }

    private async Task<string?> ContentAsync(string name) =>
        await _store.GetAsync(_container, name, Ct) is { } blob ? Encoding.UTF8.GetString(blob.Content.Span) : null;

    private async Task<List<string>> NamesAsync(string prefix, int take)
    {
        var names = new List<string>();
        string? next = null;
        do
        {
            var page = await _store.ListAsync(_container, prefix, take, next, Ct);
            Assert.True(page.Entries.Count <= take);
            names.AddRange(page.Entries.Select(entry => entry.Name));
            next = page.Continuation;
        }
        while (next is not null);
        return names;
    }

    [Fact]
    public async Task A_container_that_nobody_wrote_to_is_empty()
    {
        Assert.Null(await _store.GetAsync(_container, "a", Ct));
        Assert.Empty(await NamesAsync("", 10));
        Assert.Equal(WriteStatus.Missing, await _store.DeleteAsync(_container, "a", Ct));
        Assert.Equal(WriteStatus.Missing, (await _store.ReplaceAsync(_container, "a", Bytes("v"), new("\"0x1\""), Ct)).Status);
    }

    [Fact]
    public async Task An_inserted_blob_comes_back_with_its_version()
    {
        var etag = await InsertedAsync("folder/a.json", "content");

        Assert.Equal("content", await ContentAsync("folder/a.json"));
        Assert.Equal(etag, (await _store.GetAsync(_container, "folder/a.json", Ct))!.ETag);
    }

    [Fact]
    public async Task A_second_insert_is_refused_and_changes_nothing()
    {
        await InsertedAsync("a", "first");

        Assert.Equal(WriteStatus.Exists, (await _store.InsertAsync(_container, "a", Bytes("second"), Ct)).Status);
        Assert.Equal("first", await ContentAsync("a"));
    }

    [Fact]
    public async Task A_replacement_needs_the_version_that_is_there()
    {
        var first = await InsertedAsync("a", "1");
        var second = await _store.ReplaceAsync(_container, "a", Bytes("2"), first, Ct);
        Assert.Equal(WriteStatus.Done, second.Status);

        Assert.Equal(WriteStatus.Stale, (await _store.ReplaceAsync(_container, "a", Bytes("3"), first, Ct)).Status);
        Assert.Equal(WriteStatus.Missing, (await _store.ReplaceAsync(_container, "b", Bytes("3"), first, Ct)).Status);
        Assert.Equal("2", await ContentAsync("a"));
        Assert.Equal(second.ETag, (await _store.GetAsync(_container, "a", Ct))!.ETag);
    }

    [Fact]
    public async Task A_deleted_blob_is_gone()
    {
        await InsertedAsync("a", "1");

        Assert.Equal(WriteStatus.Done, await _store.DeleteAsync(_container, "a", Ct));
        Assert.Equal(WriteStatus.Missing, await _store.DeleteAsync(_container, "a", Ct));
        Assert.Null(await ContentAsync("a"));
        Assert.Empty(await NamesAsync("", 10));
    }

    [Fact]
    public async Task A_listing_is_ordinal_and_goes_on_over_pages()
    {
        string[] names = ["A", "Z/z", "a", "a-b", "a.b", "a/b", "a/b/c", "a0", "aB", "b_c"];
        foreach (var name in names.Reverse())
        {
            await InsertedAsync(name, name);
        }

        Assert.Equal(names, await NamesAsync("", 3));
        Assert.Equal(names, await NamesAsync("", 5000));
        Assert.Equal(["a/b", "a/b/c"], await NamesAsync("a/", 1));
        Assert.Equal(["Z/z"], await NamesAsync("Z", 1));
        Assert.Empty(await NamesAsync("c", 1));
    }

    [Fact]
    public async Task A_listing_tells_length_and_time()
    {
        var before = DateTimeOffset.UtcNow.AddMinutes(-1);
        await InsertedAsync("a", "12345");

        var entry = Assert.Single((await _store.ListAsync(_container, "", 10, null, Ct)).Entries);

        Assert.Equal(5, entry.Length);
        Assert.InRange(entry.LastModified, before, before.AddMinutes(2));
    }

    [Fact]
    public async Task A_name_and_the_same_name_as_a_folder_live_side_by_side_and_case_counts()
    {
        await InsertedAsync("x/y", "1");
        await InsertedAsync("x", "2");
        await InsertedAsync("X", "3");
        await InsertedAsync("x/Y", "4");

        Assert.Equal(("1", "2"), (await ContentAsync("x/y"), await ContentAsync("x")));
        Assert.Equal(("3", "4"), (await ContentAsync("X"), await ContentAsync("x/Y")));
    }

    [Fact]
    public async Task Of_racing_inserts_and_of_racing_replacements_one_is_done()
    {
        var inserts = await Task.WhenAll(Enumerable.Range(0, 16).Select(async i =>
            await _store.InsertAsync(_container, "a", Bytes($"{i}"), Ct)));
        var winner = Assert.Single(inserts, insert => insert.IsDone);

        var replacements = await Task.WhenAll(Enumerable.Range(100, 16).Select(async i =>
            await _store.ReplaceAsync(_container, "a", Bytes($"{i}"), winner.ETag, Ct)));
        Assert.Single(replacements, replacement => replacement.IsDone);
    }

    [Fact]
    public async Task Large_and_empty_contents_are_kept()
    {
        var content = new byte[3_000_000];
        Random.Shared.NextBytes(content);
        Assert.True((await _store.InsertAsync(_container, "large", content, Ct)).IsDone);
        Assert.Equal(content, (await _store.GetAsync(_container, "large", Ct))!.Content.ToArray());

        await InsertedAsync("empty", "");
        Assert.Equal("", await ContentAsync("empty"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData("../a")]
    [InlineData("a/../../b")]
    [InlineData(".hidden")]
    [InlineData("dot.")]
    [InlineData("a b")]
    [InlineData("a\\b")]
    [InlineData("a%2e")]
    [InlineData("ä")]
    public async Task A_name_outside_the_limits_is_a_programming_error(string name)
    {
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await _store.GetAsync(_container, name, Ct));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await _store.InsertAsync(_container, name, Bytes("v"), Ct));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await _store.DeleteAsync(_container, name, Ct));
    }

    [Theory]
    [InlineData("ab")]
    [InlineData("Upper")]
    [InlineData("a--b")]
    [InlineData("-abc")]
    [InlineData("../x")]
    public async Task A_container_name_outside_the_limits_is_a_programming_error(string container) =>
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await _store.InsertAsync(container, "a", Bytes("v"), Ct));

    [Fact]
    public async Task A_name_as_long_as_allowed_is_kept()
    {
        var segment = new string('A', 120);
        var name = $"{segment}/{segment}/{segment}/{segment}/{segment[..28]}";
        Assert.Equal(512, name.Length);

        await InsertedAsync(name, "v");

        Assert.Equal([name], await NamesAsync(segment, 10));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await _store.GetAsync(_container, name + "x", Ct));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await _store.GetAsync(_container, segment + "x", Ct));
    }
}
