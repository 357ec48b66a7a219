namespace Stoa.Ledger.Merkle;

/// <summary>A tile: its name and its hashes, 32 bytes each.</summary>
internal sealed record Tile(TilePath Path, ReadOnlyMemory<byte> Hashes)
{
    public Sha256Hash this[int index] => new(Hashes.Span.Slice(index * Sha256Hash.Size, Sha256Hash.Size));
}
