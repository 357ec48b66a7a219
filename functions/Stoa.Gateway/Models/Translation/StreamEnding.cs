using System.Buffers;
using Stoa.Gateway.Models.Streaming;

namespace Stoa.Gateway.Models.Translation;

/// <summary>Stand-in, replaced at merge.</summary>
internal static class StreamEnding
{
    public static void WriteError(Wire wire, StreamPosition position, ModelFailure failure, IBufferWriter<byte> output) =>
        output.Write(System.Text.Encoding.UTF8.GetBytes($"event: error\ndata: {{\"error\":{{\"message\":\"{failure.Kind} {failure.Status}\"}}}}\n\n"));

    public static void WriteCut(Wire wire, StreamPosition position, IBufferWriter<byte> output) =>
        output.Write(System.Text.Encoding.UTF8.GetBytes($"data: {{\"cut\":{position.OutputTokens}}}\n\n"));
}
