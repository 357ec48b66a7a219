using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Stoa.Testing;

/// <summary>
/// Stands before a server and adds a bearer credential to every request, for clients that cannot send one. Everything else passes as it
/// came: method, target, Host, Origin and all other header lines; answers byte by byte, so that streams stream. Either side's end of a
/// connection ends the other. Only a chunked request body is sent on with its length instead.
/// </summary>
public sealed class AuthForwarder : IAsyncDisposable
{
    private readonly IPEndPoint _target;
    private readonly string _key;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _connections = [];
    private readonly Task _accepting;

    /// <summary>Starts on 127.0.0.1 and a free port.</summary>
    public AuthForwarder(Uri target, string key)
    {
        _target = IPEndPoint.Parse(target.Authority);
        _key = key;
        _listener.Start();
        Url = new Uri($"http://{_listener.LocalEndpoint}/");
        _accepting = AcceptAsync();
    }

    /// <summary>The root, with a slash at its end.</summary>
    public Uri Url { get; }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();

        // First the accept under way ends, then its socket: the loop must not ask a listener that has stopped for one more.
        await _accepting;
        _listener.Stop();
        await Task.WhenAll(_connections);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (!_stopping.IsCancellationRequested)
            {
                _connections.Add(RelayAsync(await _listener.AcceptSocketAsync(_stopping.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private Task RelayAsync(Socket client) => UntilEndAsync(async () =>
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        using var server = new Socket(_target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using (client)
        {
            client.NoDelay = true;
            await server.ConnectAsync(_target, ends.Token);
            Task[] directions = [SendRequestsAsync(client, server, ends.Token), SendAnswersAsync(server, client, ends.Token)];
            await Task.WhenAny(directions);
            await ends.CancelAsync();
            await Task.WhenAll(directions);
        }
    });

    private Task SendRequestsAsync(Socket client, Socket server, CancellationToken ct) => UntilEndAsync(async () =>
    {
        await using var from = new NetworkStream(client);
        var reader = PipeReader.Create(from);
        while (await RequestReader.ReadAsync(reader, connection: 0, ct) is { } request)
        {
            await server.SendAsync(HeadOf(request), ct);
            await server.SendAsync(request.Body, ct);
        }
    });

    private static Task SendAnswersAsync(Socket server, Socket client, CancellationToken ct) => UntilEndAsync(async () =>
    {
        await using var from = new NetworkStream(server);
        await using var to = new NetworkStream(client);
        await from.CopyToAsync(to, ct);
    });

    private static async Task UntilEndAsync(Func<Task> relay)
    {
        try
        {
            await relay();
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // One side has left.
        }
    }

    private byte[] HeadOf(ScriptedRequest request)
    {
        var head = new StringBuilder($"{request.Method} {request.Target} HTTP/1.1\r\nAuthorization: Bearer {_key}\r\n");
        foreach (var line in request.HeaderLines)
        {
            var isChunked = line.StartsWith("Transfer-Encoding:", StringComparison.OrdinalIgnoreCase);
            head.Append(isChunked ? $"Content-Length: {request.Body.Length}" : line).Append("\r\n");
        }

        return Encoding.UTF8.GetBytes(head.Append("\r\n").ToString());
    }
}
