using Stoa.Ledger.Checkpoints;

namespace Stoa.Ledger.Verification;

/// <summary>Goes through the checkpoints by size: reads, judges signatures, follows their links, and gives the ranges that were sealed.</summary>
internal sealed class CheckpointWalk(LedgerSource source, VerifyOptions options, Action<Finding> report)
{
    private const int MostCheckpointBytes = 64 * 1024;
    private const int MostListBytes = 512 * 1024 * 1024;

    private readonly List<long> _sizes = [];

    public long Count => _sizes.Count;

    public string? Origin { get; private set; }

    /// <summary>The last one that can be trusted.</summary>
    public Checkpoint? Last { get; private set; }

    /// <summary>Finds the checkpoints. Gives the size of the log: of the last that can be trusted, or has its list.</summary>
    public long FindSize()
    {
        foreach (var name in source.List(Checkpoint.Folder))
        {
            if (Checkpoint.TryParseSize(name[Checkpoint.Folder.Length..], out var size) && size > 0)
            {
                _sizes.Add(size);
            }
            else
            {
                report(new(FindingKind.UnknownFile, name, "This is no name of a checkpoint."));
            }
        }

        _sizes.Sort();
        for (var i = _sizes.Count - 1; i >= 0; i--)
        {
            var last = ReadTrusted(_sizes[i], _ => { });
            if (last is not null || HasList(_sizes[i]))
            {
                return _sizes[i];
            }
        }

        return 0;
    }

    /// <summary>The ranges up to the log's size, in order and without gaps.</summary>
    public IEnumerable<SealedRange> Ranges(long logSize)
    {
        var (end, distrusted) = (0L, new List<long>());
        foreach (var size in _sizes)
        {
            var checkpoint = ReadTrusted(size, report);
            if (checkpoint is null || size > logSize)
            {
                distrusted.Add(size);
                continue;
            }

            if (checkpoint.Previous < end)
            {
                report(new(FindingKind.SplitView, Checkpoint.NameOf(size), $"It continues checkpoint {checkpoint.Previous}, as if checkpoint {end} did not exist.") { TreeIndex = checkpoint.Previous });
            }

            foreach (var range in Unjudged(end, Math.Max(checkpoint.Previous, end), distrusted))
            {
                yield return range;
            }

            end = Math.Max(checkpoint.Previous, end);
            distrusted.Clear();
            yield return new(end, size, ListOf(end, size, checkpoint), checkpoint);
            (end, Last) = (size, checkpoint);
        }

        foreach (var range in Unjudged(end, logSize, distrusted))
        {
            yield return range;
        }
    }

    // What lies between two checkpoints that can be trusted, by the lists of those that cannot, or are not there.
    private IEnumerable<SealedRange> Unjudged(long end, long goal, List<long> distrusted)
    {
        var stops = distrusted.Where(size => size > end && size < goal && HasList(size)).ToList();
        if (goal > end)
        {
            stops.Add(goal);
        }

        foreach (var stop in stops)
        {
            if (!distrusted.Contains(stop))
            {
                report(new(FindingKind.CheckpointMissing, Checkpoint.NameOf(stop), "The checkpoint after it continues it, and it is not there.") { TreeIndex = end });
            }

            yield return new(end, stop, ListOf(end, stop, checkpoint: null), Judge: null);
            end = stop;
        }
    }

    private Checkpoint? ReadTrusted(long size, Action<Finding> tell)
    {
        var file = Checkpoint.NameOf(size);
        if (source.Read(file, MostCheckpointBytes) is not { } bytes || !SignedNote.TryParse(bytes, out var note) || !Checkpoint.TryParse(note.Text, out var checkpoint))
        {
            tell(new(FindingKind.CheckpointMalformed, file, "This is not a signed checkpoint.") { TreeIndex = size - 1 });
            return null;
        }

        var verdict = JudgeSignature(note, checkpoint.Origin);
        if (verdict is SignatureVerdict.Wrong)
        {
            tell(new(FindingKind.SignatureWrong, file, "The signature is not of this text.") { TreeIndex = size - 1 });
            return null;
        }

        if (verdict is SignatureVerdict.UnknownKey)
        {
            tell(new(FindingKind.UnknownKey, file, "It is signed by none of the given keys.") { TreeIndex = size - 1 });
            return null;
        }

        if (checkpoint.Size != size || (Origin is not null && Origin != checkpoint.Origin))
        {
            tell(new(FindingKind.CheckpointMalformed, file, $"It is the checkpoint of size {checkpoint.Size} of the log {checkpoint.Origin}.") { TreeIndex = size - 1 });
            return null;
        }

        Origin = checkpoint.Origin;
        return checkpoint;
    }

    private SignatureVerdict JudgeSignature(SignedNote note, string origin)
    {
        if (options.Keys.Count == 0)
        {
            return SignatureVerdict.Good;
        }

        var verdicts = options.Keys.Select(key => key.Judge(note, origin)).ToArray();
        return verdicts.Contains(SignatureVerdict.Wrong) ? SignatureVerdict.Wrong : verdicts.Max();
    }

    private bool HasList(long size)
    {
        using var list = source.Open(SegmentList.NameOf(size));
        return list is not null;
    }

    private SegmentList? ListOf(long from, long size, Checkpoint? checkpoint)
    {
        var file = SegmentList.NameOf(size);
        if (source.Read(file, MostListBytes) is not { } bytes)
        {
            report(new(FindingKind.SegmentListMissing, file, $"Which records are leaves {from} to {size - 1} cannot be known.") { TreeIndex = from });
            return null;
        }

        if ((checkpoint is not null && SegmentList.HashOf(bytes) != checkpoint.Segments) || !SegmentList.TryParse(bytes, out var list) || list.Count != size - from)
        {
            report(new(FindingKind.SegmentListDiffers, file, $"It is not the list that the checkpoint names, so which records are leaves {from} to {size - 1} cannot be known.") { TreeIndex = from });
            return null;
        }

        return list;
    }
}
