using System.Text;
using Stoa.Ledger.Merkle;
using Stoa.Ledger.Records;

namespace Stoa.Ledger.Verification;

/// <summary>What stays of a record once its line is gone.</summary>
internal readonly record struct RecordFacts(long Sequence, Sha256Hash Previous, RecordType Type, DateTimeOffset Time, string? Id, string? Intent)
{
    /// <summary>Takes the id along where it may be asked for: of calls, and on request.</summary>
    public static RecordFacts Of(in LedgerRecord record, bool withId)
    {
        var id = withId || record.Type is RecordType.Intent ? Encoding.ASCII.GetString(record.Id) : null;
        return new(record.Sequence, record.Previous, record.Type, record.Time, id, record.Type is RecordType.Outcome ? Encoding.ASCII.GetString(record.Intent) : null);
    }
}

/// <summary>A line of a blob as it is found there. Record is null where the line is none of the blob's instance; Fault says why.</summary>
internal readonly record struct FoundLine(long Offset, long End, bool IsWhole, Sha256Hash Leaf, RecordFacts? Record, string? Fault)
{
    public static FoundLine Of(LineReader reader, ReadOnlySpan<byte> line, InstanceId instance)
    {
        var leaf = MerkleHash.Leaf(line);
        var isRecord = LedgerRecord.TryParse(line, out var record, out var fault);
        fault = !reader.IsWhole ? "it has no end" : isRecord && record.Instance != instance ? $"it is of another instance, {record.Instance}" : fault;
        return new(reader.Offset, reader.Position, reader.IsWhole, leaf, fault is null ? RecordFacts.Of(record, withId: true) : null, fault);
    }
}
