using Stoa.Ledger.Checkpoints;
using Stoa.Ledger.Merkle;

namespace Stoa.Ledger.Verification;

/// <summary>The checkpoint that somebody kept from earlier: the log must pass through its size with its root.</summary>
internal sealed class RootWatch(Checkpoint? older, Action<Finding> report)
{
    private Sha256Hash? _seen;

    /// <summary>The size at which the root is to be known; -1 when nothing is watched.</summary>
    public long Size => older?.Size ?? -1;

    public void See(CompactRange range)
    {
        if (range.Size == Size)
        {
            _seen = range.Root();
        }
    }

    /// <summary>At the end of the log.</summary>
    public void Judge(long logSize, string? origin)
    {
        if (older is null)
        {
            return;
        }

        var file = Checkpoint.NameOf(older.Size);
        if (origin is not null && origin != older.Origin)
        {
            report(new(FindingKind.SplitView, file, $"The older checkpoint is of another log, {older.Origin}; this is {origin}."));
        }
        else if (older.Size > logSize)
        {
            report(new(FindingKind.RollBack, file, $"The log had {older.Size} records when the older checkpoint was made; now {logSize} are sealed.") { TreeIndex = logSize });
        }
        else if (_seen is null)
        {
            report(new(FindingKind.RootUnchecked, file, "Whether the log begins with the older checkpoint cannot be worked out."));
        }
        else if (_seen != older.Root)
        {
            report(new(FindingKind.SplitView, file, "The log does not begin with the tree of the older checkpoint: its history has been rewritten.") { TreeIndex = older.Size - 1 });
        }
    }
}
