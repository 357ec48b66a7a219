using System.Buffers;

namespace Stoa.Gateway.Models.Translation;

/// <summary>Stand-in, replaced at merge.</summary>
internal sealed class StreamTranslation(Wire from, Wire to, AnswerTerms terms, bool wantsUsage, long estimatedInput)
{
    public object Terms => (from, to, terms, wantsUsage, estimatedInput);

    public bool TryWrite(ReadOnlySpan<byte> eventName, ReadOnlySpan<byte> data, IBufferWriter<byte> output, out string? complaint)
    {
        output.Write("data: "u8);
        output.Write(data);
        output.Write("\n\n"u8);
        complaint = null;
        return true;
    }

    public void End(IBufferWriter<byte> output) => output.Write("data: end\n\n"u8);
}
