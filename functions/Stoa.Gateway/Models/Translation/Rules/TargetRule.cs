namespace Stoa.Gateway.Models.Translation.Rules;

/// <summary>What a target does with a feature.</summary>
/// <param name="Note">Carried: as what. Dropped: why that is harmless. Refused: what the caller can do. For errors and the document.</param>
/// <param name="CopyAs">The member under which the value is written as it is, for the plainest of them.</param>
internal sealed record TargetRule(Feature Feature, Treatment Treatment, string Note, string? CopyAs = null);
