using System.Collections.Concurrent;
using Azure.Core.Pipeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Stoa.Azure.Rest;
using Stoa.Testing;

namespace Stoa.Contracts.Tests.Storage;

/// <summary>What goes wrong with one write on its way to the service or back.</summary>
public enum Fault
{
    LostBefore,
    LostAfter,
    HangsBefore,
    HangsAfter,
    ErrorBefore,
    ErrorAfter,
    Busy,

    /// <summary>The service receives it only when the next write comes by.</summary>
    Late,
}

/// <summary>
/// Stands between a store and Azurite and spoils writes as scripted. Reads pass, so that what happened can be looked up. A signature does
/// not cover the host, so requests need no signing anew.
/// </summary>
internal sealed class HostileFront : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _service;
    private readonly HttpClient _client;
    private readonly ConcurrentQueue<(Fault Fault, Func<Task>? Then)> _script = new();
    private Func<Task>? _late;
    private TaskCompletionSource _hangs = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HostileFront(WebApplication app, Uri service) =>
        (_app, _service, _client) = (app, new() { BaseAddress = new(service, "/") }, new(new Impatient(this)) { Timeout = Timeout.InfiniteTimeSpan });

    /// <summary>When each write came, in order.</summary>
    public ConcurrentQueue<(string Method, DateTimeOffset At)> Writes { get; } = new();

    public string Url => _app.Urls.Single();

    public static async Task<HostileFront> StartAsync(Uri service, CancellationToken ct)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var front = new HostileFront(builder.Build(), service);
        front._app.Run(front.PassAsync);
        await front._app.StartAsync(ct);
        return front;
    }

    /// <summary>Spoils one more of the next writes; what follows happens before the store can look.</summary>
    public void Spoil(Fault fault, Func<Task>? then = null) => _script.Enqueue((fault, then));

    public string ConnectionString =>
        $"AccountName={Azurite.Account};AccountKey={Azurite.Key};"
        + $"TableEndpoint={Url}/{Azurite.Account};BlobEndpoint={Url}/{Azurite.Account}";

    /// <summary>For a store that gives a request up once it hangs here, and no other: what a slow machine does then makes no difference.</summary>
    public StorageConnection Connection
    {
        get
        {
            var (tables, blobs) = StorageConnection.Parse(ConnectionString, TimeProvider.System);
            return new(tables with { Transport = new HttpClientTransport(_client) }, blobs with { Transport = new HttpClientTransport(_client) });
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _client.Dispose();
        _service.Dispose();
    }

    private async Task PassAsync(HttpContext context)
    {
        var request = context.Request;
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        {
            await AnswerAsync(context, body.ToArray());
            return;
        }

        Writes.Enqueue((request.Method, DateTimeOffset.UtcNow));
        if (Interlocked.Exchange(ref _late, null) is { } late)
        {
            await late();
        }

        if (!_script.TryDequeue(out var step))
        {
            await AnswerAsync(context, body.ToArray());
            return;
        }

        using var passed = step.Fault is Fault.LostAfter or Fault.HangsAfter or Fault.ErrorAfter
            ? await _service.SendAsync(Copy(context, body.ToArray()))
            : null;
        Assert.True(passed?.IsSuccessStatusCode ?? true);
        await (step.Then?.Invoke() ?? Task.CompletedTask);
        await SpoilAsync(context, step.Fault, body.ToArray());
    }

    private async Task SpoilAsync(HttpContext context, Fault fault, byte[] body)
    {
        switch (fault)
        {
            case Fault.LostBefore or Fault.LostAfter:
                context.Abort();
                break;
            case Fault.ErrorBefore or Fault.ErrorAfter:
                context.Response.StatusCode = 500;
                break;
            case Fault.Busy:
                context.Response.StatusCode = 503;
                context.Response.Headers.RetryAfter = "1";
                break;
            default:
                var copy = Copy(context, body);
                _late = fault is Fault.Late ? async () => (await _service.SendAsync(copy)).Dispose() : null;
                var gone = new TaskCompletionSource();
                await using (context.RequestAborted.Register(gone.SetResult))
                {
                    Interlocked.Exchange(ref _hangs, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
                    await gone.Task;
                }

                break;
        }
    }

    private async Task AnswerAsync(HttpContext context, byte[] body)
    {
        using var answer = await _service.SendAsync(Copy(context, body));
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers)
            .Where(header => header.Key is not ("Transfer-Encoding" or "Connection" or "Keep-Alive")))
        {
            context.Response.Headers[name] = values.ToArray();
        }

        if (!HttpMethods.IsHead(context.Request.Method) && context.Response.StatusCode is not 204)
        {
            await answer.Content.CopyToAsync(context.Response.Body);
        }
    }

    private static HttpRequestMessage Copy(HttpContext context, byte[] body)
    {
        // The target as it was sent: decoding it would break the signature.
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var copy = new HttpRequestMessage(new(context.Request.Method), target)
        {
            Content = body.Length is 0 ? null : new ByteArrayContent(body),
        };
        foreach (var (name, value) in context.Request.Headers
            .Where(header => header.Key is not ("Host" or "Content-Length" or "Connection")))
        {
            if (!copy.Headers.TryAddWithoutValidation(name, value.ToArray()))
            {
                copy.Content?.Headers.TryAddWithoutValidation(name, value.ToArray());
            }
        }

        return copy;
    }

    /// <summary>Its patience ends when the request hangs; one is under way at a time.</summary>
    private sealed class Impatient(HostileFront front) : DelegatingHandler(new SocketsHttpHandler { UseProxy = false })
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var hangs = Volatile.Read(ref front._hangs).Task;
            var answering = base.SendAsync(request, patience.Token);
            if (await Task.WhenAny(answering, hangs) == hangs)
            {
                await patience.CancelAsync();
            }

            return await answering;
        }
    }
}
