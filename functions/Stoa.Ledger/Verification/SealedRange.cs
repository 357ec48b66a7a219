using Stoa.Ledger.Checkpoints;

namespace Stoa.Ledger.Verification;

/// <summary>
/// The leaves [From, To) that one sealing added. Segments is null when it cannot be known which records they are; Judge is null when there
/// is no checkpoint of this size that can be trusted.
/// </summary>
internal sealed record SealedRange(long From, long To, SegmentList? Segments, Checkpoint? Judge);
