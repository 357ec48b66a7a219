using Stoa.Ledger.Records;

namespace Stoa.Gateway.Audit.Ledger;

/// <summary>Which blob an instance writes to and where it ends: one per ten minutes, and another when the store's limit of blocks comes near or a blob cannot be gone on with.</summary>
internal sealed class BlobPlan(InstanceId instance)
{
    /// <summary>Blocks of one blob, well below the 50,000 that Blob Storage allows.</summary>
    public const int MaxBlocks = 40_000;

    private LedgerBlobName _blob = new(DateTimeOffset.MinValue, instance, 0);
    private int _blocks;

    public string Name { get; private set; } = "";

    /// <summary>Where the next block goes.</summary>
    public long Position { get; private set; }

    public bool IsCreated { get; private set; }

    /// <summary>Turns to the blob of a slot, if it is another than before.</summary>
    public void TurnTo(DateTimeOffset slot)
    {
        if (_blob.Slot != slot)
        {
            Turn(new(slot, instance, 0));
        }
        else if (_blocks >= MaxBlocks)
        {
            Skip();
        }
    }

    public void Created() => IsCreated = true;

    public void Appended(int bytes)
    {
        Position += bytes;
        _blocks++;
    }

    /// <summary>Goes on in another blob of the same slot.</summary>
    public void Skip() => Turn(_blob with { Part = _blob.Part + 1 });

    private void Turn(LedgerBlobName blob)
    {
        _blob = blob;
        (Name, Position, IsCreated, _blocks) = (blob.ToString(), 0, false, 0);
    }
}
