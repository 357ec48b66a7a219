using System.Buffers;
using System.Runtime.CompilerServices;

namespace Stoa.Gateway.Egress;

/// <summary>Reads a whole response body into one pooled buffer that grows by doubling and never beyond the cap.</summary>
internal static class BodyReader
{
    private const int FirstGuess = 16 * 1024;

    /// <summary>Takes over the response: it ends up in the reply, or disposed, which drops a connection that still has bytes to give.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<EgressResult<EgressReply>> ReadAsync(HttpResponseMessage response, int cap, CancellationToken ct)
    {
        // A reply to HEAD tells the length of a body that does not follow.
        var declared = response.RequestMessage?.Method == HttpMethod.Head ? 0 : response.Content.Headers.ContentLength;
        if (declared > cap)
        {
            response.Dispose();
            return new(new EgressFailure(EgressFault.TooLarge, $"The body is {declared} bytes, the limit {cap}."));
        }

        // One byte more than allowed, so that a full buffer is known to be too much and the end of the body is always read.
        var buffer = ArrayPool<byte>.Shared.Rent(declared is { } length ? (int)length + 1 : Math.Min(FirstGuess, cap + 1));
        var used = 0;
        var done = false;
        try
        {
            var body = response.Content.ReadAsStream(ct);
            while (true)
            {
                var room = Math.Min(buffer.Length, cap + 1);
                var read = await body.ReadAsync(buffer.AsMemory(used, room - used), ct);
                used += read;
                if (used > cap)
                {
                    return new(new EgressFailure(EgressFault.TooLarge, $"The body is over the limit of {cap} bytes."));
                }

                if (read == 0)
                {
                    done = true;
                    return new(new EgressReply(response, buffer, used));
                }

                if (used == buffer.Length)
                {
                    buffer = Grow(buffer, used, cap);
                }
            }
        }
        finally
        {
            if (!done)
            {
                response.Dispose();
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    private static byte[] Grow(byte[] full, int used, int cap)
    {
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(2L * full.Length, cap + 1L));
        full.AsSpan(0, used).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(full);
        return larger;
    }
}
