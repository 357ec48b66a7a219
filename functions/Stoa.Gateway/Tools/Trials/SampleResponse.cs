using System.Buffers;
using System.Net;
using Stoa.Gateway.Egress;

namespace Stoa.Gateway.Tools.Trials;

/// <summary>What an endpoint might answer, as given by whoever tests a tool without it.</summary>
internal sealed record SampleResponse(int Status, string ContentType, ReadOnlyMemory<byte> Body)
{
    public EgressReply ToReply()
    {
        var response = new HttpResponseMessage((HttpStatusCode)Status) { Content = new ByteArrayContent([]) };
        response.Content.Headers.TryAddWithoutValidation("Content-Type", ContentType);
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Max(1, Body.Length));
        Body.CopyTo(buffer);
        return new(response, buffer, Body.Length);
    }
}
