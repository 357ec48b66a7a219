using Stoa.Ledger.Checkpoints;
using Stoa.Ledger.Merkle;
using Stoa.Ledger.Records;

namespace Stoa.Ledger.Verification;

/// <summary>Reads the records of segments and gives each to the tree and to its instance. What is as it was sealed takes the short way.</summary>
internal sealed class SegmentCheck(LedgerSource source, VerifyOptions options, SealedTree tree, InstanceBook book, Surplus surplus, Action<Finding> report)
{
    // Lines beyond a disturbed segment that are looked at, to see how it goes on.
    private const int Ahead = 1024;

    private readonly Dictionary<string, BlobCursor> _cursors = [];
    private readonly LineReader _reader = new();
    private int _holes;
    private DateTimeOffset? _newestBefore;

    /// <summary>Records read.</summary>
    public long Records { get; private set; }

    public BlobCursor CursorOf(string blob)
    {
        if (!_cursors.TryGetValue(blob, out var cursor))
        {
            _cursors.Add(blob, cursor = new() { Holes = _holes });
        }

        return cursor;
    }

    /// <summary>Leaves of which it is not known what records they are.</summary>
    public void PassHole(long from, long to)
    {
        _holes++;
        for (var index = from; index < to && !tree.IsLost; index++)
        {
            tree.Add(new(index, default, Checkpoint.Folder, -1, -1, tree.Expected(index), null, IsTold: true));
        }
    }

    /// <summary>The segments of one sealing, the first leaf of which has this index.</summary>
    public void Run(IReadOnlyList<Segment> segments, long index, CancellationToken ct)
    {
        _newestBefore = book.Newest;
        foreach (var segment in segments)
        {
            ct.ThrowIfCancellationRequested();
            var name = LedgerBlobName.Parse(segment.Blob);
            Run(new Place(segment, name, index, book.Of(name.Instance, segment.Blob)));
            index += segment.Count;
        }
    }

    private void Run(Place place)
    {
        var (segment, state, cursor) = (place.Segment, place.State, CursorOf(place.Segment.Blob));
        var follows = cursor.Holes == _holes;
        CheckOrder(place, follows);
        if (segment.From != cursor.Sealed && follows)
        {
            report(new(FindingKind.SegmentListDiffers, segment.Blob, $"Bytes up to {cursor.Sealed} were sealed, and the next segment begins at {segment.From}.") { Offset = cursor.Sealed, TreeIndex = place.Index });
        }

        var start = segment.From + cursor.Shift;
        (cursor.Sealed, cursor.Holes) = (segment.To, _holes);
        if (!options.Covers(place.Name.Slot) && tree.Expected(place.Index) is not null && tree.Expected(place.Index + segment.Count - 1) is { } last)
        {
            Skip(place, last);
            return;
        }

        using var stream = source.Open(segment.Blob);
        if (stream is null)
        {
            TellCut(cursor, new(FindingKind.MissingBlob, segment.Blob, "The blob was sealed, and it is not there.") { Sequence = segment.FirstSequence, TreeIndex = place.Index });
            Lose(place);
            return;
        }

        // Of so few bytes no record can be told from another, and a list that nobody signed may name any number.
        if (segment.Count > stream.Length)
        {
            TellCut(cursor, new(FindingKind.TruncatedBlob, segment.Blob, $"The blob has {stream.Length} bytes left of {segment.Count} records that were listed.") { Sequence = segment.FirstSequence, TreeIndex = place.Index });
            Lose(place);
            return;
        }

        start = Math.Clamp(start, 0, stream.Length);
        _reader.Open(stream, start);
        var good = RunShort(place);
        if (good < segment.Count)
        {
            _reader.Open(stream, _reader.Offset);
            Align(place, cursor, good);
        }
        else
        {
            cursor.Shift = _reader.Position - segment.To;

            // Without a tile it may be the records that are wrong.
            if (_reader.Position - start != segment.To - segment.From && tree.Expected(place.Index) is not null && tree.Expected(place.Index + segment.Count - 1) is not null)
            {
                report(new(FindingKind.SegmentListDiffers, segment.Blob, $"Bytes {segment.From} to {segment.To} were listed for records that have {_reader.Position - start}.") { Offset = start, TreeIndex = place.Index });
            }
        }
    }

    private void CheckOrder(Place place, bool follows)
    {
        var (segment, state) = (place.Segment, place.State);
        if (segment.FirstSequence == state.Next)
        {
            return;
        }

        if (segment.FirstSequence < state.Next)
        {
            report(new(FindingKind.Fork, segment.Blob, $"Two records with seq {segment.FirstSequence} were sealed.") { Offset = segment.From, Sequence = segment.FirstSequence, TreeIndex = place.Index });
        }
        else if (follows && !(options.IsPartial && state.Next == 0))
        {
            report(new(FindingKind.MissingRecord, segment.Blob, $"No checkpoint covers the records from seq {state.Next} to {segment.FirstSequence - 1}.") { Offset = segment.From, Sequence = state.Next, TreeIndex = place.Index });
        }

        state.Pass(segment.FirstSequence - 1, -1, null);
    }

    // As many records as are in their places and what the tiles say.
    private long RunShort(Place place)
    {
        for (var done = 0L; done < place.Segment.Count; done++)
        {
            var (index, sequence) = (place.Index + done, place.Segment.FirstSequence + done);
            if (!_reader.TryRead(out var line) || !_reader.IsWhole || !LedgerRecord.TryParse(line, out var record, out _)
                || record.Instance != place.Name.Instance || record.Sequence != sequence)
            {
                return done;
            }

            var (leaf, expected) = (MerkleHash.Leaf(line), tree.Expected(index));
            if (expected is not null && expected != leaf)
            {
                return done;
            }

            Take(place, index, _reader.Offset, leaf, RecordFacts.Of(record, withId: tree.IsInTail(index)), isTold: false);
        }

        return place.Segment.Count;
    }

    private void Align(Place place, BlobCursor cursor, long done)
    {
        var (segment, first) = (place.Segment, place.Segment.FirstSequence + done);
        var lines = new List<FoundLine>();
        var start = _reader.Position;
        while (lines.Count < segment.Count - done + Ahead && _reader.TryRead(out var line))
        {
            lines.Add(FoundLine.Of(_reader, line, place.Name.Instance));
        }

        var alignment = new Alignment(
            lines,
            first,
            segment.Count - done,
            sequence => sequence >= segment.FirstSequence && sequence < segment.FirstSequence + segment.Count ? tree.Expected(place.Index + sequence - segment.FirstSequence) : null,
            line => surplus.Tell(segment.Blob, line));
        foreach (var placement in alignment.Place())
        {
            var index = place.Index + placement.Sequence - segment.FirstSequence;
            var leaf = new SealedLeaf(index, place.Name.Instance, segment.Blob, placement.Sequence, placement.Line?.Offset ?? -1, null, placement.Line?.Record, IsTold: true);
            if (placement.Kind is FindingKind.TruncatedBlob)
            {
                TellCut(cursor, leaf.Tell(FindingKind.TruncatedBlob, placement.Message));
            }
            else if (placement.Kind is { } kind)
            {
                report(leaf.Tell(kind, placement.Message));
            }

            Take(place, index, placement.Line?.Offset ?? -1, placement.Line?.Leaf, placement.Line?.Record, placement.Kind is not null);
        }

        cursor.Shift = (alignment.Taken > 0 ? lines[alignment.Taken - 1].End : start) - segment.To;
    }

    private void Take(Place place, long index, long offset, Sha256Hash? found, RecordFacts? facts, bool isTold)
    {
        var (state, expected) = (place.State, tree.Expected(index));
        var leaf = new SealedLeaf(index, place.Name.Instance, place.Segment.Blob, place.Segment.FirstSequence + index - place.Index, offset, found, facts, isTold);
        tree.Add(leaf);
        Records += found is null ? 0 : 1;
        if (facts is not { } record || found is not { } hash || (expected is not null && expected != found))
        {
            state.Pass(leaf.Sequence, index, expected);
            return;
        }

        // In the tail the judge of the tail looks at links, save those that lead out of it.
        var isFinal = !tree.IsInTail(index) || !tree.IsInTail(state.LastIndex);
        if (index == place.Index && _newestBefore - record.Time > options.Lateness)
        {
            report(leaf.Tell(FindingKind.LateBytes, $"These {place.Segment.Count} records were sealed long after they were written, up to {RecordTime.Format(_newestBefore!.Value)} at the earliest."));
        }

        book.Take(place.Name.Instance, state, leaf, record, hash, isFinal);
    }

    private void Skip(Place place, Sha256Hash last)
    {
        for (var i = 0L; i < place.Segment.Count && !tree.IsLost; i++)
        {
            tree.Add(new(place.Index + i, place.Name.Instance, place.Segment.Blob, place.Segment.FirstSequence + i, -1, null, null, IsTold: true));
        }

        place.State.Pass(place.Segment.FirstSequence + place.Segment.Count - 1, place.Index + place.Segment.Count - 1, last);
        place.State.Intents = null;
    }

    private void Lose(Place place)
    {
        for (var i = 0L; i < place.Segment.Count && !tree.IsLost; i++)
        {
            Take(place, place.Index + i, -1, null, null, isTold: true);
        }

        if (tree.IsLost)
        {
            place.State.Pass(place.Segment.FirstSequence + place.Segment.Count - 1, place.Index + place.Segment.Count - 1, null);
        }
    }

    private void TellCut(BlobCursor cursor, Finding finding)
    {
        if (!cursor.IsCut)
        {
            report(finding);
            cursor.IsCut = true;
        }
    }

    /// <summary>A segment, and what it belongs to.</summary>
    private readonly record struct Place(Segment Segment, LedgerBlobName Name, long Index, InstanceState State);
}
