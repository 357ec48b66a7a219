using Stoa.Azure.Rest;
using Stoa.Contracts.Tests.Storage;
using Stoa.Testing;

[assembly: AssemblyFixture(typeof(SharedAzurite))]

namespace Stoa.Contracts.Tests.Storage;

/// <summary>One Azurite for all tests of this assembly, started when the first of them asks.</summary>
public sealed class SharedAzurite : IAsyncDisposable
{
    /// <summary>One process answers all tests at once, so how long it takes says nothing: limits of time have tests of their own.</summary>
    internal static readonly StorageSettings Patient = new(Try: TimeSpan.FromSeconds(30), Operation: TimeSpan.FromMinutes(2));

    private readonly Lazy<Task<Azurite>> _azurite = new(() => Azurite.StartAsync(CancellationToken.None));

    public Task<Azurite> StartedAsync() => _azurite.Value;

    internal async Task<StorageConnection> ConnectAsync() =>
        StorageConnection.Parse((await _azurite.Value).ConnectionString, TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        if (_azurite.IsValueCreated)
        {
            await (await _azurite.Value).DisposeAsync();
        }
    }
}
