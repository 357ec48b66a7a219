using System.Buffers;

namespace Stoa.Gateway.Models.Translation;

/// <summary>Rewrites a whole answer from the wire of the provider to the wire of the door.</summary>
internal static class AnswerTranslation
{
    /// <returns>False with a complaint, which is about the provider, when the answer is not of that wire; the output is then not to be used.</returns>
    public static bool TryWrite(ReadOnlyMemory<byte> answer, Wire from, Wire to, in AnswerTerms terms, IBufferWriter<byte> output, out string? complaint)
    {
        complaint = "not yet";
        return false;
    }
}
