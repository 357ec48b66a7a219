using Stoa.Ledger.Merkle;
using Stoa.Ledger.Records;

namespace Stoa.Ledger.Verification;

/// <summary>Tells lines that are nobody's: whether they are a copy, another record in a place that is taken, or just bytes.</summary>
internal sealed class Surplus(LedgerSource source, Action<Finding> report)
{
    // Each costs a reading of its blob.
    private const int MostSearches = 100;

    private readonly LineReader _reader = new();
    private int _searches;

    public void Tell(string blob, in FoundLine line)
    {
        if (line.Record is not { } record)
        {
            report(new(FindingKind.InsertedBytes, blob, $"This line was never sealed: {line.Fault}.") { Offset = line.Offset });
            return;
        }

        var isCopy = IsElsewhere(blob, line.Offset, line.Leaf);
        report(new(isCopy ? FindingKind.DuplicateRecord : FindingKind.Fork, blob, isCopy ? "The record is there once more." : $"There is another record with seq {record.Sequence}, or the instance had closed.")
        {
            Offset = line.Offset, Sequence = record.Sequence, Id = record.Id,
        });
    }

    private bool IsElsewhere(string blob, long offset, Sha256Hash leaf)
    {
        using var stream = _searches++ < MostSearches ? source.Open(blob) : null;
        if (stream is null)
        {
            return false;
        }

        _reader.Open(stream, 0);
        while (_reader.TryRead(out var line))
        {
            if (_reader.Offset != offset && line.Length <= LedgerRecord.MaxBytes && MerkleHash.Leaf(line) == leaf)
            {
                return true;
            }
        }

        return false;
    }
}
