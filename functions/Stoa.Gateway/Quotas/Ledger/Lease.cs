using System.Collections.Immutable;

namespace Stoa.Gateway.Quotas.Ledger;

/// <summary>
/// What one instance holds of one scope: blocks (all charged already, when they were leased) and slots. It ends once: when its owner has
/// reported the last of it, or by expiry, and then nobody can report to it any more.
/// </summary>
/// <param name="Owner">The instance: random, new with each process.</param>
/// <param name="Fence">The number of the owner's last write. A write whose answer was lost is found again by it.</param>
/// <param name="Until">After this the blocks are forgotten, and so stay charged.</param>
/// <param name="SlotsUntil">After this the slots are free.</param>
internal sealed record Lease(ulong Owner, long Fence, long Until, long SlotsUntil, Slots Slots, ImmutableArray<Block> Blocks);

/// <summary>A leased block: what of it is neither used nor returned.</summary>
/// <param name="Number">The owner's write that leased it.</param>
/// <param name="ChargedAt">The time that the charge is dated: the last moment at which any of it may be handed out.</param>
internal readonly record struct Block(long Number, long ChargedAt, Amounts Held);

/// <summary>What became of a part of a block: it stays charged, or it is given back.</summary>
internal readonly record struct BlockReport(long Number, Amounts Used, Amounts Unused);
