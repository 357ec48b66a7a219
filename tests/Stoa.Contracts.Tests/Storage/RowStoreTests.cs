using Stoa.Azure.Tables;
using Stoa.Gateway.Storage;

namespace Stoa.Contracts.Tests.Storage;

public sealed class MemoryRowStoreTests : RowStoreContract
{
    protected override ValueTask<IRowStore> OpenAsync() => new(new MemoryRowStore());
}

public sealed class FileRowStoreTests : RowStoreContract
{
    private readonly TemporaryFolder _folder = new();
    private DataFolder? _data;
    private FileRowStore? _rows;

    protected override ValueTask<IRowStore> OpenAsync() => new(_rows = new(_data = DataFolder.Open(_folder.Path)));

    public override ValueTask DisposeAsync()
    {
        _rows?.Dispose();
        _data?.Dispose();
        _folder.Dispose();
        return base.DisposeAsync();
    }
}

public sealed class AzureRowStoreTests(SharedAzurite azurite) : RowStoreContract
{
    protected override async ValueTask<IRowStore> OpenAsync() =>
        new AzureRowStore((await azurite.ConnectAsync()).Tables, SharedAzurite.Patient, TimeProvider.System);
}
