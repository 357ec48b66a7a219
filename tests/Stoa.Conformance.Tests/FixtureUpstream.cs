using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Stoa.Testing;

namespace Stoa.Conformance.Tests;

/// <summary>The HTTP endpoints behind the tools of this project's tenants, and what became of the requests that they let wait.</summary>
internal sealed class FixtureUpstream : IAsyncDisposable
{
    // One red pixel.
    private const string Png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, TaskCompletionSource> _aborted = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _held = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _released = new();
    private ScriptedUpstream _server = null!;

    private FixtureUpstream()
    {
    }

    public Uri Url => _server.Url;

    public static async Task<FixtureUpstream> StartAsync()
    {
        var upstream = new FixtureUpstream();
        upstream._server = await ScriptedUpstream.StartAsync(upstream.AnswerAsync);
        return upstream;
    }

    /// <summary>Completes when the gateway has ended the request of that run to <c>/hang</c> without an answer.</summary>
    public Task AbortedAsync(string run) => Signal(_aborted, run).Task.WaitAsync(Patience);

    public bool IsAborted(string run) => Signal(_aborted, run).Task.IsCompleted;

    /// <summary>Completes when the request of that run to <c>/hold</c> has arrived.</summary>
    public Task HeldAsync(string run) => Signal(_held, run).Task.WaitAsync(Patience);

    /// <summary>Lets <c>/hold</c> answer that run, as a request to <c>/release</c> does.</summary>
    public void Release(string run) => Signal(_released, run).TrySetResult();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task AnswerAsync(ScriptedExchange exchange)
    {
        var target = new Uri(Url, exchange.Request.Target);
        var query = QueryHelpers.ParseQuery(target.Query);
        switch (target.AbsolutePath)
        {
            case "/text":
                await exchange.AnswerAsync(200, "text/plain", "This is a simple text response for testing.");
                break;
            case "/greet":
                await exchange.AnswerAsync(200, "text/plain", $"Hello, {query["name"]}!");
                break;
            case "/image":
                await SendAsync(exchange, "image/png", Convert.FromBase64String(Png));
                break;
            case "/audio":
                await SendAsync(exchange, "audio/wav", Silence());
                break;
            case "/error":
                await exchange.AnswerAsync(422, "application/problem+json", """{"title":"This tool intentionally returns an error for testing"}""");
                break;
            case "/weather":
                await exchange.AnswerJsonAsync($$"""{"city":{{JsonSerializer.Serialize((string?)query["city"])}},"degrees":21}""");
                break;
            case "/slow":
                await exchange.TrickleAsync("HTTP", TimeSpan.FromMilliseconds(int.Parse((string)query["pause"]!, CultureInfo.InvariantCulture)));
                await exchange.SendAsync("/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n{\"done\":true}");
                break;
            case "/hang":
                using (exchange.ClientLeft.Register(() => Signal(_aborted, (string)query["run"]!).TrySetResult()))
                {
                    await exchange.HangAsync();
                }

                break;
            case "/hold":
                Signal(_held, (string)query["run"]!).TrySetResult();
                await Signal(_released, (string)query["run"]!).Task.WaitAsync(exchange.ClientLeft);
                await exchange.AnswerJsonAsync("{}");
                break;
            case "/release":
                Release((string)query["run"]!);
                await exchange.AnswerJsonAsync("{}");
                break;
            default:
                await exchange.AnswerJsonAsync(JsonSerializer.Serialize(query.ToDictionary(field => field.Key, field => (string?)field.Value)));
                break;
        }
    }

    private static TaskCompletionSource Signal(ConcurrentDictionary<string, TaskCompletionSource> signals, string run) =>
        signals.GetOrAdd(run, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));

    private static async Task SendAsync(ScriptedExchange exchange, string type, byte[] body)
    {
        await exchange.SendAsync($"HTTP/1.1 200 OK\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\n\r\n");
        await exchange.SendAsync(body);
    }

    /// <summary>A WAV file of one silent sample.</summary>
    private static byte[] Silence() =>
    [
        .. "RIFF"u8, 38, 0, 0, 0,
        .. "WAVEfmt "u8, 16, 0, 0, 0, 1, 0, 1, 0, 0x40, 0x1f, 0, 0, 0x80, 0x3e, 0, 0, 2, 0, 16, 0,
        .. "data"u8, 2, 0, 0, 0, 0, 0,
    ];
}
