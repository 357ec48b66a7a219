using Stoa.Ledger.Merkle;

namespace Stoa.Ledger.Tests.Merkle;

/// <summary>Tiles as C2SP tlog-tiles lays them out.</summary>
public sealed class TileTests
{
    [Theory]
    [InlineData(0, 1234067, 256, "tile/0/x001/x234/067")]
    [InlineData(0, 0, 256, "tile/0/000")]
    [InlineData(2, 0, 1, "tile/2/000.p/1")]
    [InlineData(1, 273, 112, "tile/1/273.p/112")]
    [InlineData(0, 1000, 256, "tile/0/x001/000")]
    internal void Paths_are_written_and_read(int level, long index, int width, string path)
    {
        Assert.Equal(path, new TilePath(level, index, width).ToString());
        Assert.True(TilePath.TryParse(path, out var tile));
        Assert.Equal(new(level, index, width), tile);
    }

    [Theory]
    [InlineData("tile/0/1")]
    [InlineData("tile/0/x000/001")]
    [InlineData("tile/00/001")]
    [InlineData("tile/8/001")]
    [InlineData("tile/0/001.p/0")]
    [InlineData("tile/0/001.p/256")]
    [InlineData("tile/0/001.p/012")]
    [InlineData("tile/0/001/002")]
    [InlineData("tile/0/x001")]
    [InlineData("tile/entries/000")]
    [InlineData("tile/0")]
    [InlineData("tile/0/x001.p/067")]
    public void Other_paths_are_not_tiles(string path) => Assert.False(TilePath.TryParse(path, out _));

    // The example of tlog-tiles, "Partial Tiles".
    [Fact]
    public void A_tree_of_70_000_has_the_tiles_of_the_specification()
    {
        var full = TilePath.Completed(0, 70_000).ToArray();
        Assert.Equal(273, full.Count(t => t.Level == 0));
        Assert.Equal(1, full.Count(t => t.Level == 1));
        Assert.Equal(274, full.Length);
        Assert.Equal([new(0, 273, 112), new(1, 1, 17), new(2, 0, 1)], TilePath.Partial(70_000));
        Assert.Equal([new(1, 0, 1)], TilePath.Partial(256));
        Assert.Equal([new(0, 0, 256)], TilePath.Completed(0, 256));
        Assert.Equal([new(0, 1, 256)], TilePath.Completed(256, 600));
        Assert.Empty(TilePath.Completed(256, 511));
    }

    [Fact]
    public void A_tree_is_built_in_tiles_that_give_it_back()
    {
        const int Size = 70_000;
        var leaves = Leaves.Hashes(Size);
        var builder = new TileBuilder();
        var stored = new Dictionary<TilePath, ReadOnlyMemory<byte>>();
        foreach (var leaf in leaves)
        {
            builder.Append(leaf);
        }

        foreach (var tile in builder.TakeCompleted().Concat(builder.Partial()))
        {
            stored.Add(tile.Path, tile.Hashes);
        }

        Assert.Equal(TilePath.Completed(0, Size).Concat(TilePath.Partial(Size)).Order(Comparer<TilePath>.Create(Compare)), stored.Keys.Order(Comparer<TilePath>.Create(Compare)));
        Assert.Empty(builder.TakeCompleted());
        var root = builder.Root();
        Assert.Equal(Leaves.Root(leaves), root);

        var whole = new TileReader(Size, path => stored.TryGetValue(path, out var bytes) ? bytes : null);
        var withoutUpperPartials = new TileReader(Size, path => (path.IsFull || path.Level == 0) && stored.TryGetValue(path, out var bytes) ? bytes : null);
        foreach (var reader in (TileReader[])[whole, withoutUpperPartials])
        {
            Assert.Equal(root, MerkleTreeHash.Of(reader.Node, 0, Size));
            foreach (var index in (long[])[0, 255, 256, 65_535, 65_536, 69_887, 69_888, 69_999])
            {
                Assert.True(InclusionProof.Verify(leaves[index], index, Size, InclusionProof.Make(reader.Node, index, Size), root));
            }

            foreach (var older in (long[])[1, 256, 257, 65_536, 69_000])
            {
                Assert.True(ConsistencyProof.Verify(older, Size, Leaves.Root(leaves.AsSpan(0, (int)older)), root, ConsistencyProof.Make(reader.Node, older, Size)));
            }
        }
    }

    [Fact]
    public void A_builder_opened_where_another_stopped_makes_the_same_tiles()
    {
        var leaves = Leaves.Hashes(1_500);
        foreach (var stop in (int[])[0, 1, 255, 256, 300, 1_024, 1_499])
        {
            var first = new TileBuilder();
            foreach (var leaf in leaves[..stop])
            {
                first.Append(leaf);
            }

            var stored = first.TakeCompleted().Concat(first.Partial()).ToDictionary(t => t.Path, t => t.Hashes);
            var second = TileBuilder.Open(new TileReader(stop, path => stored.TryGetValue(path, out var bytes) ? bytes : null));
            foreach (var leaf in leaves[stop..])
            {
                second.Append(leaf);
            }

            Assert.Equal(Leaves.Root(leaves), second.Root());
            var made = second.TakeCompleted();
            Assert.Equal(TilePath.Completed(stop, leaves.Length).ToHashSet(), made.Select(t => t.Path).ToHashSet());
            Assert.All(made.Where(t => t.Path.Level == 0), t => Assert.Equal(leaves[(t.Path.Index * 256) + 200], t[200]));
        }
    }

    [Fact]
    public void A_tile_that_is_not_there_is_named()
    {
        var fault = Assert.Throws<TileMissingException>(() => new TileReader(600, _ => null).Node(0, 300));

        Assert.Equal(new TilePath(0, 1, 256), fault.Path);
    }

    private static int Compare(TilePath a, TilePath b) => (a.Level, a.Index).CompareTo((b.Level, b.Index));
}
