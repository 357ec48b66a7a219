using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using Stoa.Functions;

namespace Stoa.Testing;

/// <summary>
/// The gateway as a process of its own, as an operator starts it: settings by environment, a free port of 127.0.0.1. Killed (SIGKILL) at
/// the latest when this object goes.
/// </summary>
public sealed class GatewayProcess : IAsyncDisposable
{
    private const string Announcement = "Stoa Serverless listens on ";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<HttpClient> _clients = [];

    private GatewayProcess(Process process) => _process = process;

    public Uri Url { get; private set; } = null!;

    /// <summary>Standard output so far.</summary>
    public string Output => TextOf(_output);

    /// <summary>Standard error so far.</summary>
    public string Errors => TextOf(_errors);

    /// <summary>Returns once it listens; throws what it said when it ended instead.</summary>
    public static async Task<GatewayProcess> StartAsync(IReadOnlyDictionary<string, string> settings)
    {
        var gateway = Launch(settings);
        try
        {
            gateway.Url = await gateway._listening.Task.WaitAsync(Patience);
            return gateway;
        }
        catch
        {
            await gateway.DisposeAsync();
            throw;
        }
    }

    /// <summary>For a start that must fail: the exit code and what was said.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RefusedAsync(IReadOnlyDictionary<string, string> settings)
    {
        await using var gateway = Launch(settings);
        await gateway._process.WaitForExitAsync().WaitAsync(Patience);
        return (gateway._process.ExitCode, gateway.Output, gateway.Errors);
    }

    /// <summary>A client that sends the key as a bearer credential; without one when null.</summary>
    public HttpClient ClientFor(string? key)
    {
        var client = new HttpClient { BaseAddress = Url };
        client.DefaultRequestHeaders.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        _clients.Add(client);
        return client;
    }

    /// <summary>Ends it as a crash does: SIGKILL, nothing is flushed or told.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Ends it as a host does that has time: SIGTERM, and it drains.</summary>
    public async Task StopAsync()
    {
        using var signal = Process.Start("kill", ["-s", "TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await signal.WaitForExitAsync();
        await _process.WaitForExitAsync().WaitAsync(Patience);
    }

    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(c => c.Dispose());
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private static GatewayProcess Launch(IReadOnlyDictionary<string, string> settings)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(GatewayHost).Assembly.Location])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var inherited in start.Environment.Keys.Where(IsOurs).ToArray())
        {
            start.Environment.Remove(inherited);
        }

        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        start.Environment["Stoa__AuditPatienceSeconds"] = "30";
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        var gateway = new GatewayProcess(process);
        process.OutputDataReceived += (_, line) => gateway.Heard(line.Data);
        process.ErrorDataReceived += (_, line) => Append(gateway._errors, line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return gateway;
    }

    private static bool IsOurs(string name) =>
        name.StartsWith("Stoa__", StringComparison.OrdinalIgnoreCase) || name.StartsWith("FUNCTIONS_", StringComparison.Ordinal)
        || name.StartsWith("WEBSITE_", StringComparison.Ordinal) || name.StartsWith("ASPNETCORE_", StringComparison.Ordinal);

    private void Heard(string? line)
    {
        Append(_output, line);
        if (line is null)
        {
            _listening.TrySetException(new InvalidOperationException($"The gateway ended while starting. {Output} {Errors}"));
        }
        else if (line.StartsWith(Announcement, StringComparison.Ordinal))
        {
            _listening.TrySetResult(new Uri(line[Announcement.Length..].Trim()));
        }
    }

    private static void Append(StringBuilder text, string? line)
    {
        lock (text)
        {
            text.AppendLine(line);
        }
    }

    private static string TextOf(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }
}
