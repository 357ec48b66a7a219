using System.Text;
using Stoa.Azure.Blobs;
using Stoa.Azure.Rest;
using Stoa.Gateway.Storage;
using Stoa.Testing;

namespace Stoa.Contracts.Tests.Storage;

public sealed class MemoryAppendStoreTests : AppendStoreContract
{
    protected override ValueTask<IAppendStore> OpenAsync() => new(new MemoryAppendStore(TimeProvider.System));
}

public sealed class FileAppendStoreTests : AppendStoreContract
{
    private readonly TemporaryFolder _folder = new();
    private DataFolder? _data;
    private FileAppendStore? _store;

    protected override ValueTask<IAppendStore> OpenAsync() => new(_store = new(_data = DataFolder.Open(_folder.Path)));

    // A writer repeats what is unavailable and nothing else: another exception would end it for good.
    [Fact]
    public async Task A_folder_that_must_not_be_written_is_a_store_that_is_down()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
        {
            Assert.Skip("Nothing is forbidden to this user.");
            return;
        }

        var folder = Directory.CreateDirectory(Path.Combine(_folder.Path, "blobs", "ledger")).FullName;
        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        await Assert.ThrowsAsync<StorageUnavailableException>(async () => await _store!.CreateAsync("ledger", "a", TestContext.Current.CancellationToken));
        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    // The store keeps the file open, and one that is open can be written after it has gone.
    [Fact]
    public async Task A_file_that_somebody_took_away_is_missing_and_not_written_where_nobody_reads()
    {
        await AppendAsync("one\n", 0, isNew: true);
        File.Delete(PathOf("a"));

        Assert.Equal(WriteStatus.Missing, await AppendAsync("two\n", 4));
        Assert.Equal(WriteStatus.Done, await AppendAsync("new\n", 0, isNew: true));
        Assert.Equal("new\n", await File.ReadAllTextAsync(PathOf("a"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_is_appended_goes_into_the_file_that_has_the_name_now()
    {
        await AppendAsync("one\n", 0, isNew: true);
        await File.WriteAllTextAsync(PathOf("other"), "another one\n", TestContext.Current.CancellationToken);
        File.Move(PathOf("other"), PathOf("a"), overwrite: true);

        Assert.Equal(WriteStatus.Stale, await AppendAsync("two\n", 4));
        Assert.Equal(WriteStatus.Done, await AppendAsync("two\n", 12));
        Assert.Equal("another one\ntwo\n", await File.ReadAllTextAsync(PathOf("a"), TestContext.Current.CancellationToken));
    }

    private string PathOf(string name) => Path.Combine(_folder.Path, "blobs", "ledger", name);

    private async Task<WriteStatus> AppendAsync(string text, long position, bool isNew = false)
    {
        if (isNew)
        {
            Assert.Equal(WriteStatus.Done, await _store!.CreateAsync("ledger", "a", TestContext.Current.CancellationToken));
        }

        return await _store!.AppendAsync("ledger", "a", Encoding.UTF8.GetBytes(text), position, TestContext.Current.CancellationToken);
    }

    public override ValueTask DisposeAsync()
    {
        _store?.Dispose();
        _data?.Dispose();
        _folder.Dispose();
        return base.DisposeAsync();
    }
}

/// <summary>Through the stand-in, under which every container is immutable: the store needs nothing that such a container refuses.</summary>
public sealed class AzureAppendStoreTests(SharedAzurite azurite) : AppendStoreContract
{
    private WormFront? _front;

    protected override async ValueTask<IAppendStore> OpenAsync()
    {
        _front = await WormFront.StartAsync(await azurite.StartedAsync(), container: null, CancellationToken.None);
        return new AzureAppendStore(StorageConnection.Parse(_front.ConnectionString, TimeProvider.System).Blobs, SharedAzurite.Patient, TimeProvider.System);
    }

    public override async ValueTask DisposeAsync()
    {
        if (_front is not null)
        {
            await _front.DisposeAsync();
            Assert.Empty(_front.Refused);
        }

        await base.DisposeAsync();
    }
}
