using Stoa.Testing;

namespace Stoa.Wire.Tests.Instances;

/// <summary>Gateway processes over one Azurite, sharing a folder for the key file; two of them, A and B, started at the same time.</summary>
public sealed class SharedStorage : IAsyncLifetime
{
    private readonly DataPath _folder = new();
    private Azurite _azurite = null!;

    public GatewayProcess A { get; private set; } = null!;

    public GatewayProcess B { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _azurite = await Azurite.StartAsync(CancellationToken.None);
        var starting = await Task.WhenAll(StartAsync(), StartAsync());
        (A, B) = (starting[0], starting[1]);
    }

    public Task<GatewayProcess> StartAsync() => GatewayProcess.StartAsync(new Dictionary<string, string>
    {
        ["Stoa__Storage"] = "azure",
        ["Stoa__StorageConnection"] = _azurite.ConnectionString,
        ["Stoa__DataPath"] = _folder.Path,
        ["Stoa__AdminKey"] = TestGateway.AdminKey,
        ["Stoa__EgressAllowedNetworks"] = "127.0.0.1/32",
    });

    public async ValueTask DisposeAsync()
    {
        await A.DisposeAsync();
        await B.DisposeAsync();
        await _azurite.DisposeAsync();
        _folder.Dispose();
    }
}
