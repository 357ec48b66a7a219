using Stoa.Ledger.Merkle;

namespace Stoa.Ledger.Verification;

/// <summary>The full tiles of a log, as they are stored. Holds one per level.</summary>
internal sealed class TileStore(LedgerSource source, long size, Action<Finding> report)
{
    private readonly Tile?[] _tiles = new Tile?[8];
    private readonly HashSet<TilePath> _told = [];

    /// <summary>What is stored for a node at a level that tiles hold (0, 8, 16, ...); null where there is no full tile with it.</summary>
    public Sha256Hash? this[int level, long index]
    {
        get
        {
            var path = new TilePath(level / TilePath.Height, index / TilePath.FullWidth, TilePath.FullWidth);
            return path.End <= size ? Load(path)?[(int)(index % TilePath.FullWidth)] : null;
        }
    }

    private Tile? Load(TilePath path)
    {
        if (_tiles[path.Level]?.Path == path)
        {
            return _tiles[path.Level];
        }

        if (_told.Contains(path))
        {
            return null;
        }

        if (source.Read(path.ToString(), TilePath.FullBytes) is { Length: TilePath.FullBytes } bytes)
        {
            return _tiles[path.Level] = new(path, bytes);
        }

        _told.Add(path);
        using var stream = source.Open(path.ToString());
        report(stream is null
            ? new(FindingKind.TileMissing, path.ToString(), "The log is long enough for this tile, and it is not there.") { TreeIndex = FirstLeaf(path) }
            : new(FindingKind.TileDiffers, path.ToString(), $"A full tile has {TilePath.FullBytes} bytes, this has {stream.Length}.") { TreeIndex = FirstLeaf(path) });
        return null;
    }

    private static long FirstLeaf(TilePath path) => path.Index << TilePath.Height * (path.Level + 1);
}
