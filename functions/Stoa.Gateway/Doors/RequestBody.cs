using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Stoa.Gateway.Doors;

/// <summary>
/// A whole request body under a cap, as one block of memory: the server's own buffer when the body lies in one piece, a rented array
/// otherwise. Dispose after the last use of <see cref="Bytes"/>.
/// </summary>
internal sealed class RequestBody : IDisposable
{
    private readonly PipeReader? _held;
    private readonly SequencePosition _end;
    private readonly byte[]? _rented;

    private RequestBody(ReadOnlyMemory<byte> bytes, PipeReader? held, SequencePosition end, byte[]? rented) =>
        (Bytes, _held, _end, _rented) = (bytes, held, end, rented);

    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The body, or null when it is larger than the cap (bytes); then as little as possible of it was read.</summary>
    public static async ValueTask<RequestBody?> ReadAsync(HttpRequest request, int cap, CancellationToken ct)
    {
        if (request.ContentLength > cap)
        {
            return null;
        }

        var reader = request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(ct);
            var buffer = read.Buffer;
            if (buffer.Length > cap)
            {
                reader.AdvanceTo(buffer.End);
                return null;
            }

            if (read.IsCompleted)
            {
                return Hold(reader, buffer);
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    public void Dispose()
    {
        _held?.AdvanceTo(_end);
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
        }
    }

    private static RequestBody Hold(PipeReader reader, ReadOnlySequence<byte> buffer)
    {
        if (buffer.IsSingleSegment)
        {
            return new(buffer.First, reader, buffer.End, null);
        }

        var length = (int)buffer.Length;
        var rented = ArrayPool<byte>.Shared.Rent(length);
        buffer.CopyTo(rented);
        reader.AdvanceTo(buffer.End);
        return new(rented.AsMemory(0, length), null, default, rented);
    }
}
