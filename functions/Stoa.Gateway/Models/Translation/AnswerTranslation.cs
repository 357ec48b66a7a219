using System.Buffers;

namespace Stoa.Gateway.Models.Translation;

internal static class AnswerTranslation
{
    public static bool TryWrite(ReadOnlyMemory<byte> answer, Wire from, Wire to, in AnswerTerms terms, IBufferWriter<byte> output, out string? complaint)
    {
        complaint = $"{answer} {from} {to} {terms} {output}";
        return false;
    }
}
