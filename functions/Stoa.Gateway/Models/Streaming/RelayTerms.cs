using Stoa.Gateway.Kernel;
using Stoa.Gateway.Models.Translation;

namespace Stoa.Gateway.Models.Streaming;

/// <summary>How one stream is to be relayed.</summary>
/// <param name="Wire">What the provider speaks.</param>
/// <param name="Translation">Into the caller's wire; null when that is the same and bytes pass through.</param>
/// <param name="HidesUsage">The gateway asked for a last chunk with usage and the caller did not: it does not get it.</param>
/// <param name="EstimatedInput">Tokens, for a provider that reports none.</param>
/// <param name="FirstEvent">From now to the first event; what is left of the provider's time-out for it.</param>
/// <param name="Idle">Between two reads.</param>
/// <param name="Total">From now to the end.</param>
internal sealed record RelayTerms(
    Wire Wire, StreamTranslation? Translation, bool HidesUsage, long EstimatedInput, OnDisconnect OnDisconnect, TimeSpan FirstEvent, TimeSpan Idle, TimeSpan Total)
{
    /// <summary>See <see cref="Answers.ToolCallTypes"/>.</summary>
    public bool AddsToolCallTypes { get; init; }
}

/// <summary>Asks whether what ends a stream, these bytes, may be given.</summary>
internal delegate ValueTask<bool> MayEnd(ReadOnlyMemory<byte> last);

/// <summary>Asks for more output tokens than <see cref="Call.OutputBound"/>: true when that has grown, false when the stream has to end.</summary>
internal delegate ValueTask<bool> TopUp(Call call, long usedOutputTokens, CancellationToken ct);
