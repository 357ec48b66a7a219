using Stoa.Ledger.Checkpoints;
using Stoa.Ledger.Merkle;

namespace Stoa.Ledger.Verification;

/// <summary>
/// Grows the log's tree and holds it against tiles and signed roots. Where a record and its tile disagree, two trees go on, one that believes
/// the tile and one that believes the record; the next signed root says which is right. Leaves after the last full tile go to a
/// <see cref="TailJudge"/>, which has other evidence.
/// </summary>
internal sealed class SealedTree
{
    private readonly TileStore _tiles;
    private readonly RootWatch _watch;
    private readonly Action<Finding> _report;
    private readonly long _tailStart;
    private readonly List<SealedLeaf> _disputes = [];
    private readonly List<SealedLeaf> _tail = [];
    private readonly List<Checkpoint> _tailRoots = [];
    private Branch _byTiles;
    private Branch? _byRecords;
    private bool _isLost;

    public SealedTree(long size, TileStore tiles, RootWatch watch, Action<Finding> report)
    {
        (_tiles, _watch, _report) = (tiles, watch, report);
        _tailStart = size - (size % TilePath.FullWidth);
        _byTiles = new(new(), [], tiles);
        _watch.See(_byTiles.Range);
    }

    /// <summary>What the tiles say of a leaf; null where they say nothing.</summary>
    public Sha256Hash? Expected(long index) => _tiles[0, index];

    /// <summary>Whether some leaf is not known, so that no later root can be.</summary>
    public bool IsLost => _isLost;

    public bool IsInTail(long index) => index >= _tailStart;

    /// <summary>The next leaf.</summary>
    public void Add(in SealedLeaf leaf)
    {
        if (IsInTail(leaf.Index))
        {
            _tail.Add(leaf);
            return;
        }

        var expected = Expected(leaf.Index);
        if ((expected ?? leaf.Found) is not { } hash)
        {
            Lose(leaf.Index);
            return;
        }

        if (expected is not null && leaf.Found is { } found && found != expected)
        {
            _byRecords ??= _byTiles.Fork();
            _disputes.Add(leaf);
        }

        if (_isLost)
        {
            return;
        }

        _byTiles.Append(hash);
        _byRecords?.Append(leaf.Found ?? hash);
        if (_byTiles.Range.Size == _watch.Size)
        {
            _watch.See(_byTiles.Range);
        }
    }

    /// <summary>From here on no root can be known.</summary>
    public void Lose(long index)
    {
        if (!_isLost)
        {
            _report(new(FindingKind.RootUnchecked, Checkpoint.Folder, $"Neither a record nor a tile says what leaf {index} is: roots of larger trees are not checked.") { TreeIndex = index });
            _isLost = true;
        }
    }

    public void Judge(Checkpoint checkpoint)
    {
        if (checkpoint.Size > _tailStart)
        {
            _tailRoots.Add(checkpoint);
        }
        else if (!_isLost && _byTiles.Range.Root() == checkpoint.Root)
        {
            Settle(_byTiles, FindingKind.AlteredRecord);
        }
        else if (!_isLost && _byRecords?.Range.Root() == checkpoint.Root)
        {
            Settle(_byRecords, FindingKind.TileDiffers);
        }
        else if (!_isLost)
        {
            TellDisputes(FindingKind.AlteredRecord);
            TellRoot(checkpoint);
        }
    }

    /// <summary>After the last leaf.</summary>
    public void Finish()
    {
        if (_isLost)
        {
            TellDisputes(FindingKind.AlteredRecord);
            return;
        }

        var branches = _byRecords is null ? [_byTiles.Range] : (CompactRange[])[_byTiles.Range, _byRecords.Range];
        var judge = new TailJudge(_tail, _tailRoots, _report);
        if (judge.Settle(branches) is not { } settled)
        {
            TellDisputes(FindingKind.AlteredRecord);
            return;
        }

        Settle(settled.Branch == 0 ? _byTiles : _byRecords!, settled.Branch == 0 ? FindingKind.AlteredRecord : FindingKind.TileDiffers);
        foreach (var leaf in settled.Leaves)
        {
            _byTiles.Append(leaf);
            _watch.See(_byTiles.Range);
        }
    }

    private void Settle(Branch right, FindingKind disputesAre)
    {
        TellDisputes(disputesAre);
        foreach (var (level, index) in right.WrongTiles)
        {
            var path = new TilePath(level / TilePath.Height, index / TilePath.FullWidth, TilePath.FullWidth);
            _report(new(FindingKind.TileDiffers, path.ToString(), $"Hash {index % TilePath.FullWidth} of it is not that of the leaves below.") { TreeIndex = index << level });
        }

        right.WrongTiles.Clear();
        (_byTiles, _byRecords) = (right, null);
    }

    private void TellDisputes(FindingKind kind)
    {
        foreach (var leaf in _disputes)
        {
            if (kind is FindingKind.TileDiffers)
            {
                var path = new TilePath(0, leaf.Index / TilePath.FullWidth, TilePath.FullWidth);
                _report(new(kind, path.ToString(), $"Hash {leaf.Index % TilePath.FullWidth} of it is not that of the record, which the signed root confirms.") { TreeIndex = leaf.Index });
            }
            else if (!leaf.IsTold)
            {
                _report(leaf.Tell(kind, "The record is not the one that was sealed: its hash is not that in the tile."));
            }
        }

        _disputes.Clear();
        _byRecords = null;
    }

    private void TellRoot(Checkpoint checkpoint)
    {
        _report(new(FindingKind.RootDiffers, Checkpoint.NameOf(checkpoint.Size), "The leaves do not give the root of this checkpoint. Roots of larger trees are not checked.") { TreeIndex = checkpoint.Previous });
        _isLost = true;
    }

    /// <summary>One of the two trees: its frontier, and the hashes in tiles above level 0 that it contradicts.</summary>
    private sealed class Branch(CompactRange range, List<(int Level, long Index)> wrongTiles, TileStore tiles)
    {
        public CompactRange Range => range;

        public List<(int Level, long Index)> WrongTiles => wrongTiles;

        public Branch Fork() => new(range.Copy(), [.. wrongTiles], tiles);

        public void Append(in Sha256Hash leaf) => range.Append(leaf, Compare);

        private void Compare(int level, long index, in Sha256Hash hash)
        {
            if (level > 0 && level % TilePath.Height == 0 && tiles[level, index] is { } stored && stored != hash)
            {
                wrongTiles.Add((level, index));
            }
        }
    }
}
