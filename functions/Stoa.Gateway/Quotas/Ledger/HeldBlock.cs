namespace Stoa.Gateway.Quotas.Ledger;

/// <summary>A leased block at its instance: free, reserved by calls, used, or to be given back. Guarded by the partition's lock.</summary>
internal sealed class HeldBlock(long number, Amounts leased, long deadline)
{
    private Amounts _used;
    private Amounts _unused;
    private Amounts _reserved;
    private Amounts _surplus;

    public long Number => number;

    public Amounts Leased { get; } = leased;

    public Amounts Free { get; private set; } = leased;

    /// <summary>Nothing of it is free or reserved: what there is to report is the last.</summary>
    public bool IsSpent => Free.IsZero && _reserved.IsZero;

    public bool HasReport => !_used.IsZero || !_unused.IsZero;

    public bool HasUnused => !_unused.IsZero;

    /// <summary>Three quarters of what was left over for later calls is gone. Said once.</summary>
    public bool IsLow { get; private set; }

    public bool IsUsable(long timestamp) => timestamp <= deadline;

    public void Take(Amounts amounts)
    {
        Free -= amounts;
        _reserved += amounts;
    }

    /// <summary>Those who waited for it have been served: what is free now is for the calls to come.</summary>
    public void MarkSurplus() => _surplus = Free;

    public bool TurnsLow()
    {
        var isLow = !IsLow && (IsQuarter(Dimension.Requests) || IsQuarter(Dimension.Tokens) || IsQuarter(Dimension.MicroUsd));
        IsLow |= isLow;
        return isLow;

        bool IsQuarter(Dimension d) => _surplus[d] > 0 && Free[d] * 4 <= _surplus[d];
    }

    /// <summary>A reservation ends: so much was used; the rest is free again, or given back when the block's time is over.</summary>
    public void Settle(Amounts reserved, Amounts used, bool isUsable)
    {
        _reserved -= reserved;
        _used += used;
        if (isUsable)
        {
            Free += reserved - used;
        }
        else
        {
            _unused += reserved - used;
        }
    }

    /// <summary>Pays as much of a debt as is free here: that is charged already.</summary>
    public Amounts Pay(Amounts debt)
    {
        var paid = Amounts.Min(debt, Free);
        Free -= paid;
        _used += paid;
        return debt - paid;
    }

    /// <summary>Nothing more is handed out.</summary>
    public void Close()
    {
        _unused += Free;
        Free = default;
    }

    public BlockReport TakeReport()
    {
        var report = new BlockReport(number, _used, _unused);
        (_used, _unused) = (default, default);
        return report;
    }
}
