using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Models.Translation.Neutral;

/// <summary>A whole answer in no wire's terms. Points into the JSON it was read from.</summary>
/// <param name="Parts">Text, refusals, thinking and calls of tools, in the order of the answer.</param>
/// <param name="StopSequence">The one that was met, where the provider tells it.</param>
internal sealed record Reply(IReadOnlyList<Part> Parts, StopReason Stop, Text StopSequence, TokenUsage Usage);
