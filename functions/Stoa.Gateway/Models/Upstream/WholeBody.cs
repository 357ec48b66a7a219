using Stoa.Gateway.Egress;

namespace Stoa.Gateway.Models.Upstream;

/// <summary>Reads a whole body within a time and a size, where <see cref="EgressClient.OpenAsync"/> has read the head.</summary>
internal static class WholeBody
{
    /// <summary>Takes over the response; the caller disposes the reply.</summary>
    public static async ValueTask<EgressResult<EgressReply>> ReadAsync(HttpResponseMessage response, int cap, TimeSpan patience, TimeProvider time, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(patience > TimeSpan.Zero ? patience : TimeSpan.Zero, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, ct);
        try
        {
            return await BodyReader.ReadAsync(response, cap, linked.Token);
        }
        catch (Exception e) when (EgressFailure.Explains(e))
        {
            ct.ThrowIfCancellationRequested();
            return new(EgressFailure.Of(e, deadline.IsCancellationRequested));
        }
    }
}
