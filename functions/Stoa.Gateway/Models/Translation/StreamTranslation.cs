using System.Buffers;
using Stoa.Gateway.Models.Streaming;

namespace Stoa.Gateway.Models.Translation;

/// <summary>Rewrites the events of one stream from the wire of the provider to the wire of the door. One per stream; not for two threads.</summary>
/// <param name="wantsUsage">Chat: whether the caller asked for a last chunk with usage. Other wires always tell it.</param>
/// <param name="estimatedInput">Input tokens, for grammars that tell them first while the provider tells them last.</param>
internal sealed class StreamTranslation(Wire from, Wire to, AnswerTerms terms, bool wantsUsage, long estimatedInput)
{
    /// <summary>What the caller has been told so far.</summary>
    public StreamPosition Position { get; } = new() { Model = terms.Model, WantsUsage = wantsUsage };

    /// <summary>One event of the provider's; writes none, one or several of the door's, each with its blank line.</summary>
    /// <returns>False with a complaint, which is about the provider, when the event is not of that wire or is an error; nothing is written then.</returns>
    public bool TryWrite(ReadOnlySpan<byte> eventName, ReadOnlySpan<byte> data, IBufferWriter<byte> output, out string? complaint)
    {
        complaint = $"not yet {from} {to} {estimatedInput}";
        return false;
    }

    /// <summary>Writes what ends the stream, unless that has been written.</summary>
    public void End(IBufferWriter<byte> output) => _ = output;
}
