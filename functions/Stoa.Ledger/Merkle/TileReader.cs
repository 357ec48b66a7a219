namespace Stoa.Ledger.Merkle;

/// <summary>
/// The nodes of a tree of a given size, out of its tiles. <paramref name="read"/> gives a tile's bytes, or null when there is none under that
/// name. A partial tile that is missing is taken from the full one (C2SP) or, above level 0, worked out from the tiles below.
/// </summary>
internal sealed class TileReader(long size, Func<TilePath, ReadOnlyMemory<byte>?> read)
{
    private readonly Dictionary<TilePath, Tile> _kept = [];

    public long Size => size;

    /// <summary>See <see cref="NodeSource"/>.</summary>
    public Sha256Hash Node(int level, long index)
    {
        var (tileLevel, height) = (level / TilePath.Height, level % TilePath.Height);
        var first = index << height;
        var path = TilePath.In(size, tileLevel, first / TilePath.FullWidth) ?? throw new ArgumentOutOfRangeException(nameof(index), index, "The tree has no such node.");
        return RangeOf(Read(path), (int)(first % TilePath.FullWidth), 1 << height);
    }

    /// <exception cref="TileMissingException">The tile, or one that could stand in for it, cannot be had.</exception>
    public Tile Read(TilePath path)
    {
        if (!_kept.TryGetValue(path, out var tile))
        {
            tile = Stored(path) ?? Prefix(path) ?? FromBelow(path);
            _kept.Add(path, tile);
        }

        return tile;
    }

    private Tile? Stored(TilePath path) => read(path) is { } bytes && bytes.Length == path.Width * Sha256Hash.Size ? new(path, bytes) : null;

    private Tile? Prefix(TilePath path) => path.IsFull || Stored(path with { Width = TilePath.FullWidth }) is not { } full
        ? null
        : new(path, full.Hashes[..(path.Width * Sha256Hash.Size)]);

    private Tile FromBelow(TilePath path)
    {
        if (path.IsFull || path.Level == 0)
        {
            throw new TileMissingException(path);
        }

        var hashes = new byte[path.Width * Sha256Hash.Size];
        for (var i = 0; i < path.Width; i++)
        {
            var below = new TilePath(path.Level - 1, (path.Index * TilePath.FullWidth) + i, TilePath.FullWidth);
            var tile = Stored(below) ?? throw new TileMissingException(below);
            RangeOf(tile, 0, TilePath.FullWidth).CopyTo(hashes.AsSpan(i * Sha256Hash.Size));
        }

        return new(path, hashes);
    }

    private static Sha256Hash RangeOf(Tile tile, int first, int count)
    {
        var range = new CompactRange();
        for (var i = 0; i < count; i++)
        {
            range.Append(tile[first + i]);
        }

        return range.Root();
    }
}

/// <summary>A tile that is needed is not there, or not as long as it must be.</summary>
internal sealed class TileMissingException(TilePath path) : IOException($"{path} is missing or has the wrong length.")
{
    public TilePath Path => path;
}
