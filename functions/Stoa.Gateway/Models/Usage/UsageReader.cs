using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Models.Usage;

/// <summary>Stub until the relay's is merged.</summary>
internal static class UsageReader
{
    public static TokenUsage? TryRead(Wire wire, ReadOnlySpan<byte> answer) => null;
}
