using Stoa.Ledger.Merkle;

namespace Stoa.Ledger.Verification;

/// <summary>Where the chain of one instance stands.</summary>
internal sealed class InstanceState
{
    /// <summary>The <c>seq</c> that comes next.</summary>
    public long Next { get; set; }

    /// <summary>The leaf hash of the last record; null when it is not known, as after records that were not read.</summary>
    public Sha256Hash? Last { get; set; } = default(Sha256Hash);

    /// <summary>The tree index of the last record; -1 before the first.</summary>
    public long LastIndex { get; set; } = -1;

    /// <summary>Whether all records so far have been read.</summary>
    public bool IsComplete { get; set; } = true;

    public bool IsClosed { get; set; }

    public DateTimeOffset LastTime { get; set; }

    /// <summary>The blob of the last record, where a missing close is told.</summary>
    public string Blob { get; set; } = "";

    /// <summary>Goes past a record of which nothing is known but, perhaps, its hash.</summary>
    public void Pass(long sequence, long index, Sha256Hash? hash)
    {
        (Next, LastIndex, Last, IsComplete) = (sequence + 1, index, hash, false);
    }

    /// <summary>Intents without their outcome yet, by id; null while there is none.</summary>
    public Dictionary<string, OpenIntent>? Intents { get; set; }
}

/// <summary>A call that has begun.</summary>
internal readonly record struct OpenIntent(string Blob, long Offset, long Sequence, long? TreeIndex, DateTimeOffset Time);
