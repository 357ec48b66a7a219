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
        return new AzureAppendStore(StorageConnection.Parse(_front.ConnectionString, TimeProvider.System).Blobs, StorageSettings.Default, TimeProvider.System);
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
