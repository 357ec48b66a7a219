namespace Stoa.Ledger.Merkle;

/// <summary>Grows a tree leaf by leaf and cuts its tiles. Holds one tile in the making per level, whatever the size.</summary>
internal sealed class TileBuilder
{
    private readonly CompactRange _range;
    private readonly List<byte[]> _making = [];
    private readonly List<Tile> _completed = [];

    public TileBuilder()
        : this(new())
    {
    }

    private TileBuilder(CompactRange range) => _range = range;

    public long Size => _range.Size;

    /// <summary>Goes on where a tree of this size stands. Reads its partial tiles and, for its frontier, the last full ones.</summary>
    /// <exception cref="TileMissingException">A tile that the tree has cannot be had.</exception>
    public static TileBuilder Open(TileReader tiles)
    {
        var builder = new TileBuilder(CompactRange.Of(tiles.Size, tiles.Node));
        foreach (var path in TilePath.Partial(tiles.Size))
        {
            tiles.Read(path).Hashes.CopyTo(builder.Making(path.Level));
        }

        return builder;
    }

    public void Append(in Sha256Hash leaf) => _range.Append(leaf, Keep);

    public Sha256Hash Root() => _range.Root();

    /// <summary>The tiles filled since this was last asked.</summary>
    public IReadOnlyList<Tile> TakeCompleted()
    {
        Tile[] completed = [.. _completed];
        _completed.Clear();
        return completed;
    }

    /// <summary>The tiles that are not full yet, as they stand.</summary>
    public IReadOnlyList<Tile> Partial() =>
        [.. TilePath.Partial(Size).Select(path => new Tile(path, _making[path.Level].AsSpan(0, path.Width * Sha256Hash.Size).ToArray()))];

    private void Keep(int level, long index, in Sha256Hash hash)
    {
        if (level % TilePath.Height != 0)
        {
            return;
        }

        var tileLevel = level / TilePath.Height;
        var place = (int)(index % TilePath.FullWidth);
        hash.CopyTo(Making(tileLevel).AsSpan(place * Sha256Hash.Size));
        if (place == TilePath.FullWidth - 1)
        {
            _completed.Add(new(new(tileLevel, index / TilePath.FullWidth, TilePath.FullWidth), _making[tileLevel]));
            _making[tileLevel] = new byte[TilePath.FullBytes];
        }
    }

    private byte[] Making(int level)
    {
        while (_making.Count <= level)
        {
            _making.Add(new byte[TilePath.FullBytes]);
        }

        return _making[level];
    }
}
