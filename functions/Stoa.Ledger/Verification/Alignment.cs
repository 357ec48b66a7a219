using Stoa.Ledger.Merkle;

namespace Stoa.Ledger.Verification;

/// <summary>
/// Finds out which lines of a disturbed blob are which records. Expected are the records of a segment, one line each, by ascending
/// <c>seq</c>; found are lines. Says for each expected record what became of it, and which lines are surplus.
/// </summary>
internal sealed class Alignment(IReadOnlyList<FoundLine> lines, long first, long count, Func<long, Sha256Hash?> expected, Action<FoundLine> surplus)
{
    private readonly Dictionary<long, List<int>> _bySequence = lines.Index().Where(l => l.Item.Record is not null)
        .GroupBy(l => l.Item.Record!.Value.Sequence).ToDictionary(g => g.Key, g => g.Select(l => l.Index).ToList());

    private readonly Dictionary<long, FoundLine> _early = [];
    private readonly HashSet<long> _late = [];
    private int _at;

    /// <summary>How many lines belong to the segment; known at the end.</summary>
    public int Taken => _at;

    private long End => first + count;

    public IEnumerable<Placement> Place()
    {
        var sequence = first;
        while (sequence < End)
        {
            if (_early.Remove(sequence, out var early))
            {
                yield return new(sequence, early, FindingKind.ReorderedRecord, "The record stands before others that come before it.");
                sequence++;
                _at += LateAt(_at) && NextSequence() != sequence ? 1 : 0;
                continue;
            }

            if (_at == lines.Count)
            {
                yield return new(sequence, null, FindingKind.TruncatedBlob, "The blob ends before this record, which was sealed.");
                sequence++;
                continue;
            }

            if (Decide(sequence) is { } placement)
            {
                sequence++;
                yield return placement;
            }
        }
    }

    // Null when the line at hand is not taken for a record: it is told as surplus, or remembered.
    private Placement? Decide(long sequence)
    {
        var line = lines[_at];
        var found = line.Record?.Sequence;
        if (found == sequence && Fits(line, sequence))
        {
            _at++;
            return new(sequence, line, null);
        }

        if (found is { } late && _late.Remove(late))
        {
            _at++;
            return null;
        }

        if (LaterLine(sequence) is { } later)
        {
            return DecideWhereItComesLater(sequence, line, later);
        }

        if (!line.IsWhole)
        {
            _at++;
            return new(sequence, null, FindingKind.TruncatedBlob, "The blob ends within this record, which was sealed.");
        }

        var standsForIt = found is null || NextSequence() == sequence + 1 || (found < sequence && sequence + 1 == End && _at + 1 == lines.Count);
        if (standsForIt)
        {
            _at++;
            var why = line.Fault ?? $"its `seq` is {found}";
            return new(sequence, line with { Record = null }, FindingKind.AlteredRecord, $"The line in the record's place is not it: {why}.");
        }

        if (found > sequence)
        {
            return new(sequence, null, FindingKind.MissingRecord, $"The record is not there: after seq {sequence - 1} comes {found}.");
        }

        TellSurplus(line);
        return null;
    }

    private Placement? DecideWhereItComesLater(long sequence, in FoundLine line, in FoundLine later)
    {
        if (line.Record is not { } record || record.Sequence <= sequence || record.Sequence >= End || _bySequence[record.Sequence].Count > 1)
        {
            TellSurplus(line);
            return null;
        }

        var next = NextSequence();
        if (next == sequence)
        {
            _early[record.Sequence] = line;
            _at++;
            return null;
        }

        if (next == sequence + 1)
        {
            _early[record.Sequence] = line;
            _at++;
        }

        _late.Add(sequence);
        return new(sequence, later, FindingKind.ReorderedRecord, "The record stands after others that come after it.");
    }

    private void TellSurplus(in FoundLine line)
    {
        _at++;
        surplus(line);
    }

    // Of several lines with the sequence: the one that was sealed, or that the next record follows.
    private bool Fits(FoundLine line, long sequence)
    {
        var others = _bySequence[sequence].Where(i => i > _at).Select(i => lines[i]).ToArray();
        if (others.Length == 0 || line.Leaf == expected(sequence))
        {
            return true;
        }

        var wanted = expected(sequence) ?? (_bySequence.TryGetValue(sequence + 1, out var next) ? lines[next[0]].Record!.Value.Previous : null);
        return wanted is not { } hash || line.Leaf == hash || others.All(other => other.Leaf != hash);
    }

    private FoundLine? LaterLine(long sequence) =>
        _bySequence.TryGetValue(sequence, out var all) && all.FindIndex(i => i > _at) is >= 0 and var at ? lines[all[at]] : null;

    private long? NextSequence() => _at + 1 < lines.Count ? lines[_at + 1].Record?.Sequence : null;

    private bool LateAt(int at) => at < lines.Count && lines[at].Record is { } record && _late.Contains(record.Sequence);
}
