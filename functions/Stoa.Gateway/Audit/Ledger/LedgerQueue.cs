using Stoa.Gateway.Audit.Records;
using Stoa.Ledger.Merkle;
using Stoa.Ledger.Records;

namespace Stoa.Gateway.Audit.Ledger;

/// <summary>
/// The chain of one instance and what of it is not durable yet: decides which records go into which block. No I/O and no lock of its own;
/// blocks leave in the order of their records, one at a time.
/// </summary>
internal sealed class LedgerQueue(InstanceId instance)
{
    /// <summary>Bytes of a block, unless one record alone has more.</summary>
    public const int MaxBlock = 64 * 1024;

    private readonly string _instance = instance.ToString();
    private readonly Queue<LedgerBlock> _closed = new();
    private LedgerBlock? _open;
    private LedgerBlock? _leaving;
    private Sha256Hash _previous;
    private DateTimeOffset _lastTime;
    private long _nextSequence;

    public InstanceId Instance => instance;

    /// <summary>Of the next record; so many there are. Any thread may read it.</summary>
    public long NextSequence => Volatile.Read(ref _nextSequence);

    /// <summary>The hash of the first record, once there is one.</summary>
    public Registration? Opening { get; private set; }

    /// <summary>Bytes that are not durable yet.</summary>
    public long Bytes { get; private set; }

    public bool IsEmpty => _leaving is null && _open is null && _closed.Count == 0;

    /// <summary>Blocks that are not durable yet, oldest first.</summary>
    public IEnumerable<LedgerBlock> Waiting => new[] { _leaving }.Concat(_closed).Append(_open).OfType<LedgerBlock>();

    /// <summary>Links a record into the chain; before the first one goes the <c>open</c>. Returns its sequence and the block that it is in.</summary>
    public (long Sequence, LedgerBlock Block) Add(AuditRecord record, DateTimeOffset now, long timestamp)
    {
        if (NextSequence == 0)
        {
            Link(new AuditRecord(RecordType.Open), now, timestamp);
            Opening = new(instance, _previous, _lastTime);
        }

        return Link(record, now, timestamp);
    }

    /// <summary>The last record of an instance that stops in order; null when it has written none.</summary>
    public LedgerBlock? Close(DateTimeOffset now, long timestamp) =>
        NextSequence == 0 ? null : Link(new AuditRecord(RecordType.Close) { Last = (NextSequence - 1, _previous) }, now, timestamp).Block;

    /// <summary>The block to append next, which stays the oldest until it is <see cref="Done"/>; null when there is none.</summary>
    public LedgerBlock? Take()
    {
        if (!_closed.TryDequeue(out _leaving))
        {
            (_leaving, _open) = (_open, null);
        }

        return _leaving;
    }

    /// <summary>The block that was taken is durable.</summary>
    public void Done()
    {
        Bytes -= _leaving!.Lines.Length;
        _leaving = null;
    }

    private (long Sequence, LedgerBlock Block) Link(AuditRecord record, DateTimeOffset now, long timestamp)
    {
        // A clock that is set back must not make records seem out of order.
        var time = now > _lastTime ? now : _lastTime;
        var block = BlockFor(LedgerBlobName.At(time, instance).Slot, timestamp);
        var start = block.Lines.Length;
        var length = Write(record, time, block, start);
        if (block.Count > 0 && start + length + 1 > MaxBlock)
        {
            block = Move(block, start, timestamp);
            start = 0;
        }

        _previous = MerkleHash.Leaf(block.Lines.Written.Span[start..]);
        _lastTime = time;
        block.Lines.GetSpan(1)[0] = (byte)'\n';
        block.Lines.Advance(1);
        block.Count++;
        Bytes += length + 1;
        return (_nextSequence++, block);
    }

    // What cannot be written must leave nothing in the block: neither half a line nor, with nothing else in it, the block.
    private int Write(AuditRecord record, DateTimeOffset time, LedgerBlock block, int start)
    {
        var isWhole = false;
        try
        {
            RecordLine.Write(record, new(_instance, NextSequence, _previous, time), block.Lines);
            var length = block.Lines.Length - start;
            isWhole = length <= LedgerRecord.MaxBytes;
            return isWhole ? length : throw new ArgumentException($"A record has at most {LedgerRecord.MaxBytes} bytes, not {length}.", nameof(record));
        }
        finally
        {
            if (!isWhole)
            {
                block.Lines.CutTo(start);
                _open = block.Count == 0 ? null : block;
            }
        }
    }

    private LedgerBlock BlockFor(DateTimeOffset slot, long timestamp)
    {
        if (_open is { Count: > 0 } earlier && earlier.Slot != slot)
        {
            _closed.Enqueue(earlier);
            _open = null;
        }

        return _open ??= new(slot, timestamp);
    }

    // How long a line is shows when it is written: one too many goes on into the next block.
    private LedgerBlock Move(LedgerBlock full, int start, long timestamp)
    {
        _open = new(full.Slot, timestamp);
        _open.Lines.Write(full.Lines.Written.Span[start..]);
        full.Lines.CutTo(start);
        _closed.Enqueue(full);
        return _open;
    }
}
