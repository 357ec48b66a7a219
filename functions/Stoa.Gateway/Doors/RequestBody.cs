using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Stoa.Gateway.Kernel;

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

    /// <summary>The body, or why not: it is compressed, larger than the cap (bytes; as little as possible of it was read), malformed or cut short.</summary>
    public static async ValueTask<(RequestBody? Body, Refusal? Refusal)> ReadAsync(HttpRequest request, int cap, string advice, CancellationToken ct)
    {
        if (request.Headers.ContentEncoding is { Count: > 0 } encoding && !string.Equals(encoding, "identity", StringComparison.OrdinalIgnoreCase))
        {
            return (null, new(RefusalKind.UnsupportedMediaType, "Compressed bodies are not read. Send the body as it is, without Content-Encoding."));
        }

        if (request.ContentLength > cap)
        {
            return (null, TooLarge(cap, advice));
        }

        try
        {
            var reader = request.BodyReader;
            while (true)
            {
                var read = await reader.ReadAsync(ct);
                var buffer = read.Buffer;
                if (buffer.Length > cap)
                {
                    reader.AdvanceTo(buffer.End);
                    return (null, TooLarge(cap, advice));
                }

                if (read.IsCompleted)
                {
                    return (Hold(reader, buffer), null);
                }

                reader.AdvanceTo(buffer.Start, buffer.End);
            }
        }
        catch (BadHttpRequestException)
        {
            return (null, new(RefusalKind.MalformedRequest, "The HTTP request's body is malformed, was cut short or came too slowly."));
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

    private static Refusal TooLarge(int cap, string advice) => new(RefusalKind.BodyTooLarge, $"The body exceeds {cap} bytes. {advice}");

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
