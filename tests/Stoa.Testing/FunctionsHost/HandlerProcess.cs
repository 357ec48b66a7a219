using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Stoa.Testing.FunctionsHost;

/// <summary>The custom handler as the host runs it: a child process that is told its port and is ready once <c>GET /</c> is answered, however.</summary>
internal sealed class HandlerProcess : IAsyncDisposable
{
    // The host gives it 30 s; a machine that runs other tests besides may need longer for the same work.
    private static readonly TimeSpan InitializationTimeout = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan PollingInterval = TimeSpan.FromMilliseconds(25);

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly ClosedPort _port;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    private HandlerProcess(Process process, ClosedPort port) => (_process, _port) = (process, port);

    public int Port => _port.EndPoint.Port;

    /// <summary>Processor time that it took from its start to its first answer, which is all of the wait on a machine of its own.</summary>
    public TimeSpan ReadyAfter { get; private set; }

    public static async Task<HandlerProcess> StartAsync(AppFolder app, IReadOnlyDictionary<string, string?> settings, CancellationToken ct)
    {
        // The real host binds, looks and lets go. Here others start servers all the time, so the port stays taken; the handler may listen on it.
        var port = new ClosedPort();
        var text = port.EndPoint.Port.ToString(CultureInfo.InvariantCulture);
        var start = new ProcessStartInfo(app.Executable)
        {
            WorkingDirectory = app.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["FUNCTIONS_CUSTOMHANDLER_PORT"] = text,
                ["FUNCTIONS_HTTPWORKER_PORT"] = text,
                ["FUNCTIONS_CUSTOMHANDLER_WORKER_ID"] = Guid.NewGuid().ToString(),
                ["FUNCTIONS_WORKER_RUNTIME"] = "custom",
            },
        };
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        var handler = new HandlerProcess(new Process { StartInfo = start }, port);
        try
        {
            await handler.BecomeReadyAsync(ct);
            return handler;
        }
        catch
        {
            await handler.DisposeAsync();
            throw;
        }
    }

    /// <summary>The next line of its output, standard or error, that holds this text; lines before it are passed over.</summary>
    public async Task<string> SaysAsync(string text, CancellationToken ct)
    {
        while (true)
        {
            var line = await _lines.Reader.ReadAsync(ct).AsTask().WaitAsync(Patience, ct);
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return line;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _port.Dispose();
    }

    private async Task BecomeReadyAsync(CancellationToken ct)
    {
        var startedAt = Stopwatch.GetTimestamp();
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        using var http = new HttpClient();
        using var poll = new PeriodicTimer(PollingInterval);
        while (!await AnswersAsync(http, ct))
        {
            if (_process.HasExited || Stopwatch.GetElapsedTime(startedAt) > InitializationTimeout)
            {
                throw new InvalidOperationException($"The handler did not become ready.\n{await ReadAllAsync(ct)}");
            }

            await poll.WaitForNextTickAsync(ct);
        }

        _process.Refresh();
        ReadyAfter = _process.TotalProcessorTime;
    }

    private async Task<bool> AnswersAsync(HttpClient http, CancellationToken ct)
    {
        try
        {
            using var response = await http.GetAsync($"http://127.0.0.1:{Port}/", HttpCompletionOption.ResponseHeadersRead, ct);
            return true;
        }
        catch (HttpRequestException e) when (e.InnerException is SocketException)
        {
            return false;
        }
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is not null)
        {
            _lines.Writer.TryWrite(line.Data);
        }
    }

    private async Task<string> ReadAllAsync(CancellationToken ct)
    {
        _process.Kill();
        await _process.WaitForExitAsync(ct);
        _lines.Writer.Complete();
        return string.Join('\n', await _lines.Reader.ReadAllAsync(ct).ToListAsync(ct));
    }
}
