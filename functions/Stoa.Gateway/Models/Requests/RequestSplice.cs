using System.Buffers;

namespace Stoa.Gateway.Models.Requests;

/// <summary>Stub until the relay's is merged.</summary>
internal static class RequestSplice
{
    public static void Write(ModelRequest request, string model, long? outputBound, bool forceUsage, ProviderType type, IBufferWriter<byte> output) => output.Write(request.Body.Span);
}
