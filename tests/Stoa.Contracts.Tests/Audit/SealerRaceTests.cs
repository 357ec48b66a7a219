using Stoa.Azure.Blobs;
using Stoa.Azure.Rest;
using Stoa.Azure.Tables;
using Stoa.Contracts.Tests.Storage;
using Stoa.Gateway.Audit.Sealing;
using Stoa.Gateway.Storage;
using Stoa.Testing;

namespace Stoa.Contracts.Tests.Audit;

/// <summary>
/// Two sealers of one ledger on Azurite, both about to put down their plan: the store's own condition lets one through and fences the other.
/// </summary>
public sealed class SealerRaceTests : IAsyncLifetime
{
    private const int Rounds = 6;

    private Azurite _azurite = null!;
    private StartingLine _line = null!;
    private SealedLedger _ledger = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _azurite = await Azurite.StartAsync(Ct);
        var storage = StorageConnection.Parse(_azurite.ConnectionString, TimeProvider.System);
        _line = new StartingLine(new AzureBlobStore(storage.Blobs, SharedAzurite.Patient, TimeProvider.System));
        _ledger = new SealedLedger(
            new AzureRowStore(storage.Tables, SharedAzurite.Patient, TimeProvider.System), _line, new AzureAppendStore(storage.Blobs, SharedAzurite.Patient, TimeProvider.System));
    }

    public async ValueTask DisposeAsync()
    {
        _ledger.Dispose();
        await _azurite.DisposeAsync();
    }

    [Fact]
    public async Task One_gets_its_plan_in_and_the_other_is_fenced()
    {
        for (var round = 1; round <= Rounds; round++)
        {
            await _ledger.WriteAsync(1, 40, Ct);
            await _ledger.WriteAsync(2, 25, Ct);
            _ledger.Time.Advance(TimeSpan.FromMinutes(1));

            _line.Set(2);
            var results = await Task.WhenAll(Task.Run(() => RunAsync(1), Ct), Task.Run(() => RunAsync(2), Ct));

            Assert.True(_line.IsPassed, "both came to the line");
            Assert.Single(results, r => r is { Status: SealStatus.Done, Leaves: > 0 });
            Assert.Single(results, r => r is { Status: SealStatus.Fenced, Leaves: 0 });
            Assert.Equal((65 * round) + 2, (await _ledger.Heads.ReadAsync(Ct))!.Head.Size);
        }

        Assert.Empty(await _ledger.VerifyAsync(Ct));
    }

    private async Task<SealResult> RunAsync(int instance) => await _ledger.SealerOf(instance).RunAsync(isWide: false, Ct);

    /// <summary>Writes of the head wait for one another until so many have come; those after them pass.</summary>
    private sealed class StartingLine(IBlobStore blobs) : IBlobStore
    {
        private readonly Lock _gate = new();
        private TaskCompletionSource _start = new();
        private int _missing;

        public bool IsPassed => _start.Task.IsCompleted;

        public void Set(int writers)
        {
            lock (_gate)
            {
                (_missing, _start) = (writers, new(TaskCreationOptions.RunContinuationsAsynchronously));
            }
        }

        public ValueTask<Blob?> GetAsync(string container, string name, CancellationToken ct) => blobs.GetAsync(container, name, ct);

        public async ValueTask<WriteResult> InsertAsync(string container, string name, ReadOnlyMemory<byte> content, CancellationToken ct)
        {
            await ComeAsync(container, ct);
            return await blobs.InsertAsync(container, name, content, ct);
        }

        public async ValueTask<WriteResult> ReplaceAsync(string container, string name, ReadOnlyMemory<byte> content, ETag expected, CancellationToken ct)
        {
            await ComeAsync(container, ct);
            return await blobs.ReplaceAsync(container, name, content, expected, ct);
        }

        public ValueTask<WriteStatus> DeleteAsync(string container, string name, CancellationToken ct) => blobs.DeleteAsync(container, name, ct);

        public ValueTask<BlobPage> ListAsync(string container, string prefix, int take, string? continuation, CancellationToken ct) =>
            blobs.ListAsync(container, prefix, take, continuation, ct);

        private Task ComeAsync(string container, CancellationToken ct)
        {
            if (container != HeadBlob.Container)
            {
                return Task.CompletedTask;
            }

            lock (_gate)
            {
                if (--_missing == 0)
                {
                    _start.SetResult();
                }

                return _start.Task.WaitAsync(TimeSpan.FromSeconds(60), ct);
            }
        }
    }
}
