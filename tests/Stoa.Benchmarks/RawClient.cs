using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;

namespace Stoa.Benchmarks;

/// <summary>One connection, one request at a time, no allocation: reads until the response is whole.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[256 * 1024];

    public RawClient(int port) => _socket.Connect(IPAddress.Loopback, port);

    public void Exchange(byte[] request)
    {
        _socket.Send(request);
        var length = 0;
        do
        {
            var read = _socket.Receive(_buffer, length, _buffer.Length - length, SocketFlags.None);
            length = read > 0 ? length + read : throw new IOException("The gateway closed the connection.");
        }
        while (!IsWhole(_buffer.AsSpan(0, length)));
    }

    public void Dispose() => _socket.Dispose();

    // Chunked bodies end in an empty chunk; the others here have a length of zero or end in a closing brace that fits Content-Length.
    private static bool IsWhole(ReadOnlySpan<byte> response)
    {
        if (response.EndsWith("\r\n0\r\n\r\n"u8))
        {
            return true;
        }

        var head = response.IndexOf("\r\n\r\n"u8);
        var at = response.IndexOf("Content-Length: "u8);
        if (head < 0 || at < 0 || at > head)
        {
            return false;
        }

        return Utf8Parser.TryParse(response[(at + 16)..], out int length, out _) && response.Length >= head + 4 + length;
    }
}
