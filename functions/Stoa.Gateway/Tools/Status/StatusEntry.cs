using Stoa.Gateway.Kernel;
using Stoa.Gateway.Storage;

namespace Stoa.Gateway.Tools.Status;

/// <summary>One tool on this instance's board: what was seen, and how much of it is in storage.</summary>
internal sealed class StatusEntry(TenantId tenant, string tool, string uid)
{
    private ToolStatus _seen = ToolStatus.Unknown;
    private int _isChanged;
    private int _isBeingWritten;

    public TenantId Tenant => tenant;

    public string Tool => tool;

    public string Uid => uid;

    public ToolStatus Seen => Volatile.Read(ref _seen);

    public bool IsChanged => Volatile.Read(ref _isChanged) == 1;

    /// <summary>Timestamp of the last attempt to write; 0 before the first.</summary>
    public long WrittenAt
    {
        get => Volatile.Read(ref field);
        set => Volatile.Write(ref field, value);
    }

    /// <summary>Timestamp of the last look at what other instances know; 0 before the first.</summary>
    public long AskedAt
    {
        get => Volatile.Read(ref field);
        set => Volatile.Write(ref field, value);
    }

    /// <summary>The stored row's version as far as known here. Touched by whoever holds the right to write.</summary>
    public ETag? ETag { get; set; }

    /// <summary>Takes over what is later in the news than what was seen. The status before.</summary>
    public ToolStatus Add(ToolStatus news)
    {
        var before = Merge(news);
        Volatile.Write(ref _isChanged, 1);
        return before;
    }

    /// <summary>As above, for what comes from storage and so needs no writing.</summary>
    public ToolStatus Merge(ToolStatus news)
    {
        while (true)
        {
            var before = Seen;
            if (ReferenceEquals(Interlocked.CompareExchange(ref _seen, news.With(before), before), before))
            {
                return before;
            }
        }
    }

    /// <summary>The right to write, held by one at a time until <see cref="EndWrite"/>.</summary>
    public bool TryBeginWrite() => Interlocked.Exchange(ref _isBeingWritten, 1) == 0;

    public void EndWrite() => Volatile.Write(ref _isBeingWritten, 0);

    /// <summary>What is to be written now; changes from here on count as new ones.</summary>
    public ToolStatus Take()
    {
        // A full fence: read first, a change made in between would count as taken.
        Interlocked.Exchange(ref _isChanged, 0);
        return Seen;
    }

    /// <summary>It could not be written.</summary>
    public void PutBack() => Volatile.Write(ref _isChanged, 1);
}
