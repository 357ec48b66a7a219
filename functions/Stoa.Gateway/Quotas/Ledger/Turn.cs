using Stoa.Gateway.Storage;

namespace Stoa.Gateway.Quotas.Ledger;

/// <summary>
/// One scope's part in a write of one instance. Number, reports and debt stay the same until the write is known to have happened, so
/// that repeating it after a lost answer reports nothing twice; what is wanted may differ between tries, as what was got is read from
/// the row.
/// </summary>
internal sealed record Turn(string Key, Limits Limits, long Number, IReadOnlyList<BlockReport> Reports, Amounts Debt)
{
    /// <summary>Slots of calls under way at the instance.</summary>
    public Slots InUse { get; init; }

    public Slots SpareSlots { get; init; }

    public Amounts Want { get; init; }

    /// <summary>The books as this instance last wrote them: tried first, since nobody else may have written since. Null: read.</summary>
    public Books? Known { get; init; }
}

/// <summary>A scope's books and the version of their row; no version when there is no row yet.</summary>
internal sealed record Books(QuotaEntity Entity, ETag? ETag);

/// <summary>A call that waits for room in several scopes: it gets it in all of them or in none.</summary>
internal sealed record Claim(IReadOnlyList<ClaimPart> Parts);

/// <summary>What a call takes of one scope, which takes part with the turn of this index.</summary>
internal readonly record struct ClaimPart(int Turn, Amounts Amounts, Slots Slots);

/// <summary>Why a call is not admitted: which limit of which scope, what is left of it, and when that could be enough.</summary>
/// <param name="Limit">Null when it is a matter of slots.</param>
/// <param name="Left">What is free of it; below zero where there is a debt.</param>
/// <param name="FreeAt">When enough comes back by the scope's clock, if nothing else is taken. Null: never, or when other calls end.</param>
internal sealed record Shortage(string Scope, Limit? Limit, long Left, long? FreeAt)
{
    /// <summary>What kind of slot is short, when it is that.</summary>
    public SlotKind? Slot { get; init; }

    public long Allowed { get; init; }
}

internal enum SlotKind
{
    Call,
    Stream,

    /// <summary>As many instances hold leases of the scope as can.</summary>
    Instance,
}

/// <summary>A limit of which so much is used that its owner is warned. Times are the scope's, in milliseconds since 1970 UTC.</summary>
/// <param name="FullAt">When all of it is free again if nothing is taken.</param>
internal readonly record struct LimitMark(Limit Limit, long Used, long At, long FullAt);

/// <summary>What a turn brought: the books then, and the block and slots that the instance now holds.</summary>
/// <param name="Usable">How much longer the block may be handed out, from the moment the books were judged; negative: no longer.</param>
/// <param name="IsFresh">Leased for the very calls that waited: they were admitted then, and may take of it even later than that.</param>
internal sealed record Granted(Books Books, Block Block, Slots Slots, TimeSpan Usable, bool IsFresh);
