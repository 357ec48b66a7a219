using Stoa.Azure.Blobs;
using Stoa.Gateway.Storage;

namespace Stoa.Contracts.Tests.Storage;

public sealed class MemoryBlobStoreTests : BlobStoreContract
{
    protected override ValueTask<IBlobStore> OpenAsync() => new(new MemoryBlobStore(TimeProvider.System));
}

public sealed class FileBlobStoreTests : BlobStoreContract
{
    private readonly TemporaryFolder _folder = new();
    private DataFolder? _data;
    private FileBlobStore? _blobs;

    protected override ValueTask<IBlobStore> OpenAsync() => new(_blobs = new(_data = DataFolder.Open(_folder.Path)));

    public override ValueTask DisposeAsync()
    {
        _blobs?.Dispose();
        _data?.Dispose();
        _folder.Dispose();
        return base.DisposeAsync();
    }
}

public sealed class AzureBlobStoreTests(SharedAzurite azurite) : BlobStoreContract
{
    protected override async ValueTask<IBlobStore> OpenAsync() =>
        new AzureBlobStore((await azurite.ConnectAsync()).Blobs, SharedAzurite.Patient, TimeProvider.System);
}
