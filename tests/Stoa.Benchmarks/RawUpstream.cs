using System.Net;
using System.Net.Sockets;

namespace Stoa.Benchmarks;

/// <summary>An upstream on threads of its own that answers each request with the same JSON and allocates nothing once connected.</summary>
internal sealed class RawUpstream : IDisposable
{
    private const string Body = """{"id":"cus_1001","name":"Alder & Finch Logistics","segment":"enterprise","city":"Gothenburg"}""";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly byte[] _response = System.Text.Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}\r\n\r\n{Body}");

    public RawUpstream()
    {
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        new Thread(Accept) { IsBackground = true }.Start();
    }

    public int Port { get; }

    public void Dispose() => _listener.Dispose();

    private void Accept()
    {
        try
        {
            while (true)
            {
                var socket = _listener.AcceptSocket();
                new Thread(() => Serve(socket)) { IsBackground = true }.Start();
            }
        }
        catch (SocketException)
        {
            // Disposed.
        }
    }

    private void Serve(Socket socket)
    {
        var buffer = new byte[8192];
        using (socket)
        {
            // Requests of the run are GETs that fit one packet.
            while (socket.Receive(buffer) > 0)
            {
                socket.Send(_response);
            }
        }
    }
}
