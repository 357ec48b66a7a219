using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;

namespace Stoa.Testing;

/// <summary>Reads HTTP/1.1 requests with a Content-Length, with chunks, or without a body; anything else ends the connection.</summary>
internal static class RequestReader
{
    /// <summary>The next request of a connection, or null when the client has closed it or does not speak HTTP.</summary>
    public static async Task<ScriptedRequest?> ReadAsync(PipeReader reader, int connection, CancellationToken ct)
    {
        if (await LineAsync(reader, ct) is not { } first || first.Split(' ') is not [var method, var target, "HTTP/1.1"])
        {
            return null;
        }

        List<string> headers = [];
        while (await NextLineAsync(reader, ct) is { Length: > 0 } line)
        {
            headers.Add(line);
        }

        var request = new ScriptedRequest(0, connection, method, target, headers, default);
        if (request.Header("Transfer-Encoding") is "chunked")
        {
            return request with { Body = await ChunksAsync(reader, ct) };
        }

        return request.Header("Content-Length") is { } length
            ? request with { Body = await BytesAsync(reader, int.Parse(length, CultureInfo.InvariantCulture), ct) }
            : request;
    }

    private static async Task<byte[]> ChunksAsync(PipeReader reader, CancellationToken ct)
    {
        using var body = new MemoryStream();
        while (true)
        {
            var line = await NextLineAsync(reader, ct);
            var size = int.Parse(line.Split(';')[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            body.Write(await BytesAsync(reader, size, ct));
            await NextLineAsync(reader, ct);
            if (size == 0)
            {
                break;
            }
        }

        return body.ToArray();
    }

    private static async Task<byte[]> BytesAsync(PipeReader reader, int count, CancellationToken ct)
    {
        // ReadAtLeast of nothing would wait for the next request.
        if (count == 0)
        {
            return [];
        }

        var read = await reader.ReadAtLeastAsync(count, ct);
        if (read.Buffer.Length < count)
        {
            throw new IOException("The client left in the middle of a body.");
        }

        var bytes = read.Buffer.Slice(0, count);
        var copy = bytes.ToArray();
        reader.AdvanceTo(bytes.End);
        return copy;
    }

    // What was cut off has not arrived, however much of it did.
    private static async Task<string> NextLineAsync(PipeReader reader, CancellationToken ct) =>
        await LineAsync(reader, ct) ?? throw new IOException("The client left in the middle of a request.");

    private static async Task<string?> LineAsync(PipeReader reader, CancellationToken ct)
    {
        while (true)
        {
            var read = await reader.ReadAsync(ct);
            if (read.Buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = Encoding.UTF8.GetString(read.Buffer.Slice(0, end)).TrimEnd('\r');
                reader.AdvanceTo(read.Buffer.GetPosition(1, end));
                return line;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted)
            {
                return null;
            }
        }
    }
}
