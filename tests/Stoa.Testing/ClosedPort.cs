using System.Net;
using System.Net.Sockets;

namespace Stoa.Testing;

/// <summary>A port of 127.0.0.1 that refuses connections: bound and never listening, so that nobody else gets it, until disposed.</summary>
public sealed class ClosedPort : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public ClosedPort() => _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    public IPEndPoint EndPoint => (IPEndPoint)_socket.LocalEndPoint!;

    /// <summary>The root, with a slash at its end.</summary>
    public Uri Url => new($"http://{EndPoint}/");

    public void Dispose() => _socket.Dispose();
}
