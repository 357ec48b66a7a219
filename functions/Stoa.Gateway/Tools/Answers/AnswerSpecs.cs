namespace Stoa.Gateway.Tools.Answers;

/// <summary>Paths of an answer to keep and to drop; null keeps all, drops nothing.</summary>
internal sealed record ResponseMappingSpec(IReadOnlyList<string>? Include, IReadOnlyList<string>? Exclude);

/// <summary>The answer as a JSON template over <c>.response</c>.</summary>
internal sealed record ResponseTransformSpec(string Template);

/// <summary>How much of an answer is left out to save a model's tokens.</summary>
internal enum ReductionLevel
{
    None,
    Moderate,
    Aggressive,
}
