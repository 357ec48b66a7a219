using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Logging;
using Stoa.Testing;

namespace Stoa.Cli.Tests.Tutorial;

/// <summary>The sample weather API as a process of its own, behind a door on a port that stays the same, which remembers every request.</summary>
internal sealed class RecordedApi : IAsyncDisposable
{
    // While the API is down, connections are refused and nobody else gets the port.
    private readonly ClosedPort _port = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly ConcurrentQueue<ReceivedRequest> _received = new();
    private Process? _process;
    private WebApplication? _door;

    public string Authority => _port.Url.Authority;

    public IReadOnlyCollection<ReceivedRequest> Received => _received;

    /// <summary>Returns what it said once it listens.</summary>
    public async Task<string> StartAsync()
    {
        _process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Stoa.Samples.WeatherApi.dll"), "--urls", "http://127.0.0.1:0"])
        {
            RedirectStandardOutput = true,
            Environment = { ["WEATHER_API_KEY"] = null },
        })!;
        var said = await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The sample API ended at once.");
        var api = new Uri(said.Split(' ')[^1]);

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://{Authority}");
        _door = builder.Build();
        _door.Run(context => PassAsync(context, api));
        await _door.StartAsync();
        return said.Replace(api.Authority, Authority, StringComparison.Ordinal);
    }

    public async Task StopAsync()
    {
        if (_door is not null)
        {
            await _door.DisposeAsync();
            _process!.Kill();
            await _process.WaitForExitAsync();
            _process.Dispose();
            _door = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _http.Dispose();
        _port.Dispose();
    }

    private async Task PassAsync(HttpContext context, Uri api)
    {
        var request = context.Request;
        _received.Enqueue(new(request.GetEncodedPathAndQuery(), request.Query["appid"].ToString(), request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString())));
        using var answer = await _http.GetAsync(new Uri(api, request.GetEncodedPathAndQuery()), context.RequestAborted);
        context.Response.StatusCode = (int)answer.StatusCode;
        context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}

/// <summary>A request as the API got it.</summary>
internal sealed record ReceivedRequest(string Target, string Key, IReadOnlyDictionary<string, string> Headers);
