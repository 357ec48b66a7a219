using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Stoa.Testing.FunctionsHost;

/// <summary>
/// Does to a published app what the Functions host does to a custom handler with <c>enableProxyingHttpRequest</c>, as far as its
/// documentation and source say. A check of our side of that contract, no proof of the platform's.
/// </summary>
internal sealed class StandInHost : IAsyncDisposable
{
    // FUNCTIONS_REQUEST_BODY_SIZE_LIMIT.
    private const long MaxRequestBody = 104_857_600;

    private readonly WebApplication _front;
    private readonly Forwarder _forwarder;
    private readonly HttpClient _triggers = new();

    private StandInHost(AppFolder app, HandlerProcess handler)
    {
        (App, Handler, _forwarder) = (app, handler, new Forwarder(handler.Port));
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = MaxRequestBody);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        _front = builder.Build();
        _front.UseRouting();
        foreach (var function in app.Http)
        {
            _front.MapMethods(function.Route, function.Methods.Select(m => m.ToUpperInvariant()), _forwarder.ForwardAsync);
        }
    }

    public AppFolder App { get; }

    public HandlerProcess Handler { get; }

    /// <summary>The public side.</summary>
    public Uri Url { get; private set; } = null!;

    /// <summary>Starts the app's executable with these settings, waits until it is ready, and opens the public side.</summary>
    public static async Task<StandInHost> StartAsync(string folder, IReadOnlyDictionary<string, string?> settings, CancellationToken ct)
    {
        var app = AppFolder.Read(folder);
        var host = new StandInHost(app, await HandlerProcess.StartAsync(app, settings, ct));
        await host._front.StartAsync(ct);
        host.Url = new Uri(host._front.Urls.Single());
        return host;
    }

    /// <summary>Runs a timer now. Throws unless the handler answers as the host asks: success, and its three properties.</summary>
    public async Task FireAsync(string timer, CancellationToken ct)
    {
        var function = App.Timers.Single(t => t.Name == timer);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{Handler.Port}/{function.Name}");
        request.Headers.Add("X-Azure-Functions-HostVersion", Forwarder.HostVersion);
        request.Headers.Add("X-Azure-Functions-InvocationId", Guid.NewGuid().ToString());
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("Azure-Functions-Host", Forwarder.HostVersion));
        request.Content = JsonContent.Create(EnvelopeOf(function));
        using var response = await _triggers.SendAsync(request, ct);
        response.EnsureSuccessStatusCode();
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(ct);
        if (answer.GetProperty("Outputs").ValueKind is not JsonValueKind.Object
            || answer.GetProperty("Logs").ValueKind is not JsonValueKind.Array
            || !answer.TryGetProperty("ReturnValue", out _))
        {
            throw new InvalidDataException($"The host cannot read this answer: {answer}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _front.DisposeAsync();
        await Handler.DisposeAsync();
        _forwarder.Dispose();
        _triggers.Dispose();
    }

    private static JsonObject EnvelopeOf(TimerFunction function) => new()
    {
        ["Data"] = new JsonObject
        {
            [function.Binding] = new JsonObject
            {
                ["Schedule"] = new JsonObject { ["AdjustForDST"] = true },
                ["ScheduleStatus"] = new JsonObject { ["Last"] = "2026-01-01T00:07:00Z", ["Next"] = "2026-01-01T01:07:00Z", ["LastUpdated"] = "2026-01-01T00:07:00Z" },
                ["IsPastDue"] = false,
            },
        },
        ["Metadata"] = new JsonObject
        {
            ["sys"] = new JsonObject { ["MethodName"] = function.Name, ["UtcNow"] = "2026-01-01T01:07:00Z", ["RandGuid"] = Guid.NewGuid().ToString() },
        },
    };
}
