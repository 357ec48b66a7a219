using Stoa.Ledger.Merkle;
using Stoa.Ledger.Records;

namespace Stoa.Ledger.Verification;

/// <summary>
/// A leaf of the log and the record that is found for it; Index is -1 for a record that is not sealed. Found is null when there is none; Record is null also when what is found is no record.
/// IsTold is true when what is wrong with it has been reported.
/// </summary>
internal readonly record struct SealedLeaf(long Index, InstanceId Instance, string Blob, long Sequence, long Offset, Sha256Hash? Found, RecordFacts? Record, bool IsTold)
{
    public Finding Tell(FindingKind kind, string message) => new(kind, Blob, message) { Offset = Offset < 0 ? null : Offset, Sequence = Sequence, Id = Record?.Id, TreeIndex = Index < 0 ? null : Index };
}
