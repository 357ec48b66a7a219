using Stoa.Ledger.Records;

namespace Stoa.Ledger.Verification;

/// <summary>Reads what no checkpoint covers: the ends of blobs, and blobs that were not sealed at all. Only the chain speaks for it.</summary>
internal sealed class UnsealedCheck(LedgerSource source, VerifyOptions options, SegmentCheck segments, InstanceBook book, Surplus surplus, Action<Finding> report)
{
    private readonly LineReader _reader = new();
    private readonly List<(Finding Finding, DateTimeOffset Since)> _tails = [];

    /// <summary>Records read.</summary>
    public long Records { get; private set; }

    public void Run(CancellationToken ct)
    {
        var blobs = new List<LedgerBlobName>();
        foreach (var file in source.List(LedgerBlobName.Folder))
        {
            if (LedgerBlobName.TryParse(file, out var name))
            {
                blobs.Add(name);
            }
            else
            {
                report(new(FindingKind.UnknownFile, file, "This is no name of a ledger blob."));
            }
        }

        foreach (var blob in blobs.Where(b => options.Covers(b.Slot)).OrderBy(b => b.Slot).ThenBy(b => b.Instance.Value).ThenBy(b => b.Part))
        {
            ct.ThrowIfCancellationRequested();
            Run(blob);
        }

        // Only now it is known which of them are young.
        foreach (var (finding, since) in _tails.Where(t => book.Newest - t.Since >= options.Settling))
        {
            report(finding);
        }
    }

    private void Run(LedgerBlobName name)
    {
        var blob = name.ToString();
        using var stream = source.Open(blob);
        var position = Math.Max(0, segments.CursorOf(blob).Position);
        if (stream is null || stream.Length <= position)
        {
            return;
        }

        _reader.Open(stream, position);
        var state = book.Of(name.Instance, blob);
        var (before, first, since) = (Records, state.Next, (DateTimeOffset?)null);
        while (_reader.TryRead(out var line))
        {
            var found = FoundLine.Of(_reader, line, name.Instance);
            if (!found.IsWhole && _reader.Position == stream.Length)
            {
                report(new(FindingKind.UnsealedBytes, blob, "The last line has no end yet: it was being written, or its writer died.") { Offset = found.Offset });
                break;
            }

            Take(name, blob, state, found);
            since ??= found.Record?.Time;
        }

        if (Records > before)
        {
            _tails.Add((new(FindingKind.UnsealedBytes, blob, $"{Records - before} records are not covered by a checkpoint: only their chain speaks for them.") { Offset = position, Sequence = first }, since!.Value));
        }
    }

    private void Take(LedgerBlobName name, string blob, InstanceState state, in FoundLine found)
    {
        if (found.Record is not { } record)
        {
            report(new(FindingKind.AlteredRecord, blob, $"The line in the place of seq {state.Next} is no record: {found.Fault}.") { Offset = found.Offset, Sequence = state.Next });
            state.Pass(state.Next, -1, null);
            return;
        }

        if (record.Sequence < state.Next || state.IsClosed)
        {
            surplus.Tell(blob, found);
            return;
        }

        var leaf = new SealedLeaf(-1, name.Instance, blob, record.Sequence, found.Offset, found.Leaf, record, IsTold: false);
        if (record.Sequence > state.Next && !(options.IsPartial && state.LastIndex < 0))
        {
            report(leaf.Tell(FindingKind.MissingRecord, $"The records from seq {state.Next} to {record.Sequence - 1} are not there.") with { Sequence = state.Next });
            state.Pass(record.Sequence - 1, -1, null);
        }

        Records++;
        book.Take(name.Instance, state, leaf, record, found.Leaf, isFinal: true);
    }
}
