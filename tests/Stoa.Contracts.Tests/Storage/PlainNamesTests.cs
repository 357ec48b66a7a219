using Stoa.Gateway.Storage;

namespace Stoa.Contracts.Tests.Storage;

/// <summary>A container whose names stand on disk as they are, beside others whose names do not.</summary>
public sealed class PlainNamesTests : IDisposable
{
    private const string Plain = "plain-one";

    private readonly TemporaryFolder _folder = new();
    private readonly DataFolder _data;
    private readonly FileBlobStore _blobs;
    private readonly FileAppendStore _appends;

    public PlainNamesTests()
    {
        _data = DataFolder.Open(_folder.Path);
        (_blobs, _appends) = (new(_data, Plain), new(_data, Plain));
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _appends.Dispose();
        _blobs.Dispose();
        _data.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Names_are_paths_there_and_nowhere_else()
    {
        foreach (var container in new[] { Plain, "other-one" })
        {
            Assert.True((await _blobs.InsertAsync(container, "tile/0/x001/067", "a"u8.ToArray(), Ct)).IsDone);
            await _appends.CreateAsync(container, "ledger/2026/a.jsonl", Ct);
            Assert.Equal(["ledger/2026/a.jsonl", "tile/0/x001/067"], (await _blobs.ListAsync(container, "", 10, null, Ct)).Entries.Select(e => e.Name));
            Assert.Equal("a"u8.ToArray(), (await _blobs.GetAsync(container, "tile/0/x001/067", Ct))!.Content.ToArray());
        }

        Assert.True(File.Exists(Path.Combine(_folder.Path, "blobs", Plain, "tile", "0", "x001", "067")));
        Assert.True(File.Exists(Path.Combine(_folder.Path, "blobs", Plain, "ledger", "2026", "a.jsonl")));
        Assert.False(Directory.Exists(Path.Combine(_folder.Path, "blobs", "other-one", "tile")));
    }

    [Fact]
    public async Task A_name_that_is_not_safe_there_is_refused_and_touches_nothing()
    {
        await _blobs.InsertAsync(Plain, "a", "first"u8.ToArray(), Ct);

        await Assert.ThrowsAsync<ArgumentException>(async () => await _blobs.InsertAsync(Plain, "A", "second"u8.ToArray(), Ct));
        await Assert.ThrowsAsync<StorageUnavailableException>(async () => await _blobs.InsertAsync(Plain, "a/b", "second"u8.ToArray(), Ct));
        await Assert.ThrowsAsync<StorageUnavailableException>(async () => await _appends.CreateAsync(Plain, "a/b", Ct));
        await Assert.ThrowsAsync<ArgumentException>(async () => await _blobs.InsertAsync(Plain, "../a", "second"u8.ToArray(), Ct));

        Assert.Equal("first"u8.ToArray(), (await _blobs.GetAsync(Plain, "a", Ct))!.Content.ToArray());
        Assert.Single((await _blobs.ListAsync(Plain, "", 10, null, Ct)).Entries);
    }
}
