using System.Buffers;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Models.Requests;

namespace Stoa.Gateway.Models.Translation;

internal static class RequestTranslation
{
    public static Refusal? TryWrite(ModelRequest request, Wire to, in RequestTerms terms, IBufferWriter<byte> output, out IReadOnlyList<string> losses)
    {
        losses = [];
        return new(RefusalKind.UnsupportedRequest, $"{request} {to} {terms} {output}");
    }
}
