using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Stoa.Testing;

/// <summary>One request and the means to answer it well, badly or not at all. What a script does not do, does not happen.</summary>
public sealed class ScriptedExchange
{
    private readonly Socket _socket;
    private readonly CancellationTokenSource _left;
    private readonly TaskCompletionSource _leftSignal = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _bytesSent;

    internal ScriptedExchange(ScriptedRequest request, Socket socket, CancellationToken stopping)
    {
        Request = request;
        _socket = socket;
        _left = CancellationTokenSource.CreateLinkedTokenSource(stopping);
    }

    public ScriptedRequest Request { get; }

    /// <summary>Cancelled when the client ends the connection, or the server stops.</summary>
    public CancellationToken ClientLeft => _left.Token;

    public long BytesSent => Interlocked.Read(ref _bytesSent);

    internal Task Left => _leftSignal.Task;

    /// <summary>Exactly these bytes: the whole answer is the script's affair.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var sent = await _socket.SendAsync(bytes, SocketFlags.None, ClientLeft);
            Interlocked.Add(ref _bytesSent, sent);
            bytes = bytes[sent..];
        }
    }

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>A complete answer with its true length. Header lines are given as <c>Name: value</c>.</summary>
    public Task AnswerAsync(int status, string contentType, string body, params string[] headerLines) =>
        SendAsync($"{Head(status, contentType, headerLines)}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");

    public Task AnswerJsonAsync(string json) => AnswerAsync(200, "application/json", json);

    public Task RedirectAsync(string location, int status = 302) =>
        SendAsync($"{StatusLine(status)}Location: {location}\r\nContent-Length: 0\r\n\r\n");

    /// <summary>Starts a chunked answer, to be followed by <see cref="ChunkAsync"/> and <see cref="EndAsync"/>.</summary>
    public Task BeginAsync(int status, string contentType, params string[] headerLines) =>
        SendAsync($"{Head(status, contentType, headerLines)}Transfer-Encoding: chunked\r\n\r\n");

    public Task ChunkAsync(string text) => SendAsync($"{Encoding.UTF8.GetByteCount(text):x}\r\n{text}\r\n");

    public Task EndAsync() => SendAsync("0\r\n\r\n");

    /// <summary>A chunked body that goes on until the client has had enough.</summary>
    public async Task EndlessAsync(string contentType = "application/octet-stream")
    {
        await BeginAsync(200, contentType);
        var chunk = Encoding.ASCII.GetBytes($"10000\r\n{new string('x', 0x10000)}\r\n");
        while (true)
        {
            await SendAsync(chunk);
        }
    }

    /// <summary>One byte at a time, with a pause after each.</summary>
    public async Task TrickleAsync(string text, TimeSpan pause)
    {
        using var timer = new PeriodicTimer(pause);
        foreach (var piece in Encoding.UTF8.GetBytes(text))
        {
            await SendAsync(new[] { piece });
            await timer.WaitForNextTickAsync(ClientLeft);
        }
    }

    /// <summary>Says nothing until the client leaves.</summary>
    public Task HangAsync() => Task.Delay(Timeout.Infinite, ClientLeft);

    /// <summary>Ends the connection in good order (FIN).</summary>
    public void Close() => _socket.Shutdown(SocketShutdown.Both);

    /// <summary>Ends the connection as a crashed process does (RST).</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Close();
    }

    internal void SignalLeft()
    {
        _left.Cancel();
        _leftSignal.TrySetResult();
    }

    private static string Head(int status, string contentType, string[] headerLines) =>
        $"{StatusLine(status)}Content-Type: {contentType}\r\n{string.Concat(headerLines.Select(line => line + "\r\n"))}";

    private static string StatusLine(int status) => $"HTTP/1.1 {status} {(HttpStatusCode)status}\r\n";
}
