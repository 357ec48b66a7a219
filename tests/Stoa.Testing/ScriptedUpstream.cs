using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;

namespace Stoa.Testing;

/// <summary>
/// An HTTP/1.1 server on a real socket that does what its script says, right or wrong: one call of the script per request, one connection
/// after the other or many at once. Waits end in a <see cref="TimeoutException"/> after a minute, so that a broken test fails, not hangs.
/// </summary>
public sealed class ScriptedUpstream : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Func<ScriptedExchange, Task> _script;
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private readonly List<ScriptedExchange> _exchanges = [];
    private readonly List<(int Count, TaskCompletionSource Arrived)> _waiters = [];
    private readonly List<Task> _connections = [];
    private Task _accepting = Task.CompletedTask;

    private ScriptedUpstream(Func<ScriptedExchange, Task> script, IPAddress address)
    {
        _script = script;
        _listener = new TcpListener(address, 0);
        _listener.Start();
        EndPoint = (IPEndPoint)_listener.LocalEndpoint;
    }

    /// <summary>The root, with a slash at its end.</summary>
    public Uri Url => new($"http://{EndPoint}/");

    public int Port => EndPoint.Port;

    public IPEndPoint EndPoint { get; }

    /// <summary>All requests so far, in order of arrival.</summary>
    public IReadOnlyList<ScriptedRequest> Requests
    {
        get
        {
            lock (_gate)
            {
                return [.. _exchanges.Select(exchange => exchange.Request)];
            }
        }
    }

    /// <summary>How many connections were ever accepted.</summary>
    public int Connections
    {
        get
        {
            lock (_gate)
            {
                return _connections.Count;
            }
        }
    }

    /// <summary>Starts on 127.0.0.1, or the given address, and a free port.</summary>
    public static Task<ScriptedUpstream> StartAsync(Func<ScriptedExchange, Task> script, IPAddress? address = null)
    {
        var upstream = new ScriptedUpstream(script, address ?? IPAddress.Loopback);
        upstream._accepting = upstream.AcceptAsync();
        return Task.FromResult(upstream);
    }

    /// <summary>The exchange of request n, counted from 1, once it has arrived in full.</summary>
    public async Task<ScriptedExchange> ArrivedAsync(int n = 1)
    {
        Task arrived;
        lock (_gate)
        {
            if (_exchanges.Count >= n)
            {
                return _exchanges[n - 1];
            }

            var signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((n, signal));
            arrived = signal.Task;
        }

        await arrived.WaitAsync(Patience);
        lock (_gate)
        {
            return _exchanges[n - 1];
        }
    }

    /// <summary>Completes when the client has ended the connection on which request n came.</summary>
    public async Task<ScriptedExchange> ClientLeftAsync(int n = 1)
    {
        var exchange = await ArrivedAsync(n);
        await exchange.Left.WaitAsync(Patience);
        return exchange;
    }

    /// <summary>Stops, ends every connection, and throws what a script threw.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();

        // First the accept under way ends, then its socket: the other way round it may fail with whatever the socket says then.
        await _accepting;
        _listener.Stop();
        Task[] connections;
        lock (_gate)
        {
            connections = [.. _connections];
        }

        await Task.WhenAll(connections).WaitAsync(Patience);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var socket = await _listener.AcceptSocketAsync(_stopping.Token);
                lock (_gate)
                {
                    _connections.Add(ServeAsync(socket, _connections.Count + 1));
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket socket, int connection)
    {
        await Task.Yield();
        List<ScriptedExchange> mine = [];
        try
        {
            using (socket)
            {
                // Here, where the client may be gone already, and not where it would end the accepting.
                socket.NoDelay = true;
                await using var stream = new NetworkStream(socket);
                var reader = PipeReader.Create(stream);
                while (await RequestReader.ReadAsync(reader, connection, _stopping.Token) is { } request)
                {
                    var exchange = Record(request, socket);
                    mine.Add(exchange);
                    var watching = WatchAsync(socket, exchange);
                    await _script(exchange);
                    await watching;
                }
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The connection is over: the client's doing, the script's, or ours on stopping.
        }
        finally
        {
            mine.ForEach(exchange => exchange.SignalLeft());
        }
    }

    /// <summary>Ends at the next request's first byte, or with the connection; clients that pipeline are not watched.</summary>
    private async Task WatchAsync(Socket socket, ScriptedExchange exchange)
    {
        try
        {
            if (await socket.ReceiveAsync(new byte[1], SocketFlags.Peek, _stopping.Token) == 0)
            {
                exchange.SignalLeft();
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            exchange.SignalLeft();
        }
    }

    private ScriptedExchange Record(ScriptedRequest request, Socket socket)
    {
        lock (_gate)
        {
            var exchange = new ScriptedExchange(request with { Number = _exchanges.Count + 1 }, socket, _stopping.Token);
            _exchanges.Add(exchange);
            foreach (var (count, arrived) in _waiters)
            {
                if (count <= _exchanges.Count)
                {
                    arrived.TrySetResult();
                }
            }

            return exchange;
        }
    }
}
