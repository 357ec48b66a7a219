namespace Stoa.Gateway.Quotas.Ledger;

/// <summary>What an instance wants of a scope in one write.</summary>
internal readonly record struct Ask
{
    public required ulong Owner { get; init; }

    /// <summary>Of this write: higher than that of any before it by the same owner to the same scope.</summary>
    public required long Number { get; init; }

    /// <summary>What calls wait for; the caller has seen that there is room for it.</summary>
    public Amounts Need { get; init; }

    /// <summary>The largest of those calls: where the room is less than twenty of it there are no blocks, only what is needed.</summary>
    public Amounts Largest { get; init; }

    /// <summary>A block that would last a while at the present rate.</summary>
    public Amounts Want { get; init; }

    /// <summary>Slots of calls under way. They are counted whatever the limit: they are in use.</summary>
    public Slots InUse { get; init; }

    /// <summary>Slots that calls wait for; the caller has seen that there is room for them.</summary>
    public Slots NeedSlots { get; init; }

    /// <summary>The lease stays even when nothing is left in it, so that this write can be found again: it charges a debt.</summary>
    public bool KeepsMark { get; init; }

    /// <summary>Slots to hold beyond those two, so that the next calls need no write.</summary>
    public Slots SpareSlots { get; init; }
}

/// <summary>How long leases last, in milliseconds.</summary>
/// <param name="Block">Twice the longest call, and 10 s for clocks that differ.</param>
/// <param name="Slots">A crashed instance's slots are free after this; a living one renews them in time.</param>
internal readonly record struct LeaseTerms(long Block, long Slots)
{
    public static readonly LeaseTerms Default = Of(TimeSpan.FromMinutes(2));

    public static LeaseTerms Of(TimeSpan longestCall) => new((2 * (long)longestCall.TotalMilliseconds) + 10_000, 60_000);
}
