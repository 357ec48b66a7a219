using Microsoft.Extensions.Logging;
using Stoa.Gateway.Storage;
using Stoa.Ledger.Records;

namespace Stoa.Gateway.Audit.Ledger;

/// <summary>The blobs of one instance, which is registered before the first is made: takes a block to where it belongs. One call at a time.</summary>
internal sealed class InstanceBlobs(IAppendStore store, InstanceRegistry registry, InstanceId instance, ILogger log)
{
    private readonly BlobPlan _plan = new(instance);
    private bool _isRegistered;

    /// <summary>Of the blob that is written to.</summary>
    public string Name => _plan.Name;

    /// <summary>False when the blob turned out to be of no use, so that another one is next.</summary>
    /// <exception cref="StorageUnavailableException">It is not certain; the same again will tell.</exception>
    public async ValueTask<bool> TryAppendAsync(LedgerBlock block, Registration opening, CancellationToken ct)
    {
        if (!_isRegistered)
        {
            await registry.RegisterAsync(opening, ct);
            _isRegistered = true;
        }

        _plan.TurnTo(block.Slot);
        if (!_plan.IsCreated)
        {
            // One that is there and empty is ours, made by a try that never heard so: nobody else knows the instance's number.
            if (await store.CreateAsync(LedgerWriter.Container, Name, ct) is not WriteStatus.Done && await store.LengthAsync(LedgerWriter.Container, Name, ct) is not 0)
            {
                return Skip();
            }

            _plan.Created();
        }

        if (await store.AppendAsync(LedgerWriter.Container, Name, block.Lines.Written, _plan.Position, ct) is not WriteStatus.Done)
        {
            return Skip();
        }

        _plan.Appended(block.Lines.Length);
        return true;
    }

    private bool Skip()
    {
        LedgerLog.Foreign(log, Name);
        _plan.Skip();
        return false;
    }
}
