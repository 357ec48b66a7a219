using Stoa.Ledger.Merkle;

namespace Stoa.Ledger.Records;

/// <summary>What is wrong with a record as the next one of its instance.</summary>
internal enum ChainFault
{
    None,

    /// <summary>The record is of another instance.</summary>
    OtherInstance,

    /// <summary>Records between the last one and this are not there.</summary>
    Missing,

    /// <summary>A record with this <c>seq</c> has been seen.</summary>
    Repeated,

    /// <summary><c>prev</c> is not the hash of the record before.</summary>
    WrongPrevious,

    /// <summary>The instance has closed.</summary>
    AfterClose,
}

/// <summary>Follows the chain of one instance, record by record. A sealer takes no record that has a fault.</summary>
internal struct ChainCheck(InstanceId instance)
{
    private Sha256Hash _previous;

    /// <summary>The <c>seq</c> that comes next.</summary>
    public long Next { get; private set; }

    public bool IsClosed { get; private set; }

    /// <summary>The leaf hash of the last record; zeros before the first.</summary>
    public readonly Sha256Hash Previous => _previous;

    /// <summary>Goes on after a record that is known to be sound, as from a cursor.</summary>
    public static ChainCheck After(InstanceId instance, long sequence, Sha256Hash leaf, bool isClosed = false) =>
        new(instance) { Next = sequence + 1, _previous = leaf, IsClosed = isClosed };

    public readonly ChainFault FaultOf(in LedgerRecord record) =>
        record.Instance != instance ? ChainFault.OtherInstance
        : record.Sequence < Next ? ChainFault.Repeated
        : IsClosed ? ChainFault.AfterClose
        : record.Sequence > Next ? ChainFault.Missing
        : record.Previous != _previous ? ChainFault.WrongPrevious
        : ChainFault.None;

    /// <summary>Takes the record as the last one, whatever its fault.</summary>
    public void Accept(in LedgerRecord record, in Sha256Hash leaf)
    {
        (Next, _previous) = (record.Sequence + 1, leaf);
        IsClosed |= record.Type is RecordType.Close;
    }
}
