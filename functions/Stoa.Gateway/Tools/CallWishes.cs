using Stoa.Gateway.Tools.Answers;

namespace Stoa.Gateway.Tools;

/// <summary>What a caller may ask for beside the arguments.</summary>
/// <param name="Reduction">Instead of the tool's own level; null leaves that.</param>
/// <param name="IsFresh">The endpoint is to be asked, whatever is in memory.</param>
/// <param name="IsUnkept">And its answer is not to stay in memory.</param>
internal sealed record CallWishes(ReductionLevel? Reduction = null, bool IsFresh = false, bool IsUnkept = false)
{
    public static CallWishes None { get; } = new();
}
