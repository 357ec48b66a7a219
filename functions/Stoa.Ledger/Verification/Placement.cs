namespace Stoa.Ledger.Verification;

/// <summary>
/// What became of one expected record. Line is what is taken for it, null when nothing is; Kind is null when it stands in its place.
/// </summary>
internal readonly record struct Placement(long Sequence, FoundLine? Line, FindingKind? Kind, string Message = "");
