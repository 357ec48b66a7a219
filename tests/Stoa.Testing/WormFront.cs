using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Stoa.Testing;

/// <summary>
/// Stands before Azurite's blob service and makes a container what Azurite cannot: immutable with protected append writes. There a new
/// blob may be made and an append blob may grow; whatever overwrites, deletes, leases or writes metadata is refused with 409
/// <c>BlobImmutableDueToPolicy</c> and remembered. Other containers pass. A signature does not cover the host, so nothing is signed anew.
/// </summary>
public sealed class WormFront : IAsyncDisposable
{
    private static readonly HashSet<string> Dropped = new(["Host", "Content-Length", "Connection", "Transfer-Encoding", "Keep-Alive"], StringComparer.OrdinalIgnoreCase);

    private readonly WebApplication _app;
    private readonly HttpClient _service = new(new SocketsHttpHandler { UseProxy = false });
    private readonly Azurite _azurite;
    private readonly string? _container;

    private WormFront(WebApplication app, Azurite azurite, string? container) => (_app, _azurite, _container) = (app, azurite, container);

    /// <summary>What was refused: method and target. Empty in every test of a writer that behaves.</summary>
    public ConcurrentQueue<string> Refused { get; } = new();

    /// <summary>Runs before each write to the container reaches the service, for example to hold it; true to lose the answer.</summary>
    public Func<string, Task<bool>>? BeforeWrite { get; set; }

    public Uri Blobs => new($"{_app.Urls.Single()}/{Azurite.Account}");

    public string ConnectionString => $"AccountName={Azurite.Account};AccountKey={Azurite.Key};TableEndpoint={_azurite.Tables};BlobEndpoint={Blobs}";

    /// <param name="container">The immutable one; null for all of them.</param>
    public static async Task<WormFront> StartAsync(Azurite azurite, string? container, CancellationToken ct)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        var front = new WormFront(builder.Build(), azurite, container);
        front._app.Run(front.PassAsync);
        await front._app.StartAsync(ct);
        return front;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _service.Dispose();
    }

    private async Task PassAsync(HttpContext http)
    {
        var request = http.Request;
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);

        // "", account, container, blob
        var path = request.Path.Value!.Split('/', 4);
        var isWrite = !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method);
        if (isWrite && path.Length > 2 && (_container is null || path[2] == _container))
        {
            if (RefusalOf(request, isBlob: path.Length is 4) is { } code)
            {
                Refused.Enqueue($"{request.Method} {request.Path}{request.QueryString}");
                Refuse(http, code);
                return;
            }

            if (BeforeWrite is { } before && await before($"{request.Path}{request.QueryString}"))
            {
                using var lost = await _service.SendAsync(Copy(http, body.ToArray()));
                http.Abort();
                return;
            }
        }

        await AnswerAsync(http, body.ToArray());
    }

    // A Put Blob must be on condition that there is no blob yet: one without might overwrite, so a careful writer never sends it.
    private static string? RefusalOf(HttpRequest request, bool isBlob) => (request.Method, (string?)request.Query["comp"], isBlob) switch
    {
        ("PUT", null, false) when request.Query["restype"] == "container" => null,
        (_, _, false) => "ContainerImmutableDueToPolicy",
        ("PUT", "appendblock", true) => null,
        ("PUT", null, true) when request.Headers.IfNoneMatch == "*" => null,
        _ => "BlobImmutableDueToPolicy",
    };

    private static void Refuse(HttpContext http, string code)
    {
        http.Response.StatusCode = StatusCodes.Status409Conflict;
        http.Response.Headers["x-ms-error-code"] = code;
        http.Response.Headers["x-ms-request-id"] = Guid.NewGuid().ToString();
    }

    private async Task AnswerAsync(HttpContext http, byte[] body)
    {
        using var answer = await _service.SendAsync(Copy(http, body));
        http.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers))
        {
            if (name is "Content-Length" ? HttpMethods.IsHead(http.Request.Method) : !Dropped.Contains(name))
            {
                http.Response.Headers[name] = values.ToArray();
            }
        }

        if (!HttpMethods.IsHead(http.Request.Method) && http.Response.StatusCode is not (204 or 304))
        {
            await answer.Content.CopyToAsync(http.Response.Body);
        }
    }

    private HttpRequestMessage Copy(HttpContext http, byte[] body)
    {
        // The target as it was sent: decoding it would break the signature.
        var target = http.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var copy = new HttpRequestMessage(new(http.Request.Method), new Uri(_azurite.Blobs, target))
        {
            Content = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method) ? null : new ByteArrayContent(body),
        };
        foreach (var (name, value) in http.Request.Headers)
        {
            if (!Dropped.Contains(name) && !copy.Headers.TryAddWithoutValidation(name, value.ToArray()))
            {
                copy.Content?.Headers.TryAddWithoutValidation(name, value.ToArray());
            }
        }

        return copy;
    }
}
