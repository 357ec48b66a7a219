using Stoa.Gateway.Tools.Answers;

namespace Stoa.Gateway.Tools;

/// <summary>What a caller may ask for beside the arguments.</summary>
/// <param name="Reduction">Instead of the tool's own level; null leaves that.</param>
/// <param name="NoCache">The endpoint is to be asked, whatever is in memory.</param>
/// <param name="NoStore">And its answer is not to stay in memory.</param>
internal sealed record CallOptions(ReductionLevel? Reduction = null, bool NoCache = false, bool NoStore = false)
{
    public static CallOptions None { get; } = new();
}
