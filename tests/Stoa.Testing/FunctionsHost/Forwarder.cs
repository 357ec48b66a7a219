using System.Collections.Frozen;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Stoa.Testing.FunctionsHost;

/// <summary>
/// Hands a request to the handler and its answer back, both as they come, byte by byte. Headers are rewritten as by YARP's default
/// transforms and the host's own: what the client says about its address, the host or the invocation does not get through.
/// </summary>
internal sealed class Forwarder(int port) : IDisposable
{
    public const string HostVersion = "4.1041.0.0";

    private static readonly FrozenSet<string> HopByHop = new[]
    {
        HeaderNames.Connection, HeaderNames.KeepAlive, HeaderNames.ProxyAuthenticate, HeaderNames.ProxyAuthorization, "Proxy-Connection",
        HeaderNames.TE, HeaderNames.Trailer, HeaderNames.TransferEncoding, HeaderNames.Upgrade, HeaderNames.Host,
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    // The path is the client's, decoded once by Kestrel and encoded again here; Uri must not fold "%2e%2e" in it.
    private static readonly UriCreationOptions AsWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
    });

    public async Task ForwardAsync(HttpContext http)
    {
        using var activity = new ActivityTimeout(http.RequestAborted);
        using var request = RequestFor(http, activity);
        try
        {
            using var response = await _http.SendAsync(request, activity.Token);
            activity.Reset();
            await CopyAsync(response, http.Response, activity);
        }
        catch (Exception e) when (e is OperationCanceledException or HttpRequestException or IOException)
        {
            if (http.Response.HasStarted)
            {
                http.Abort();
                return;
            }

            http.Response.StatusCode = e is OperationCanceledException ? StatusCodes.Status504GatewayTimeout
                : e.InnerException is BadHttpRequestException bad ? bad.StatusCode
                : StatusCodes.Status502BadGateway;
        }
    }

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage RequestFor(HttpContext http, ActivityTimeout activity)
    {
        var incoming = http.Request;
        var path = string.Join('/', incoming.Path.Value!.Split('/').Select(Uri.EscapeDataString));
        var request = new HttpRequestMessage(new(incoming.Method), new Uri($"http://127.0.0.1:{port}{path}{incoming.QueryString}", AsWritten));
        if (incoming.ContentLength > 0 || incoming.Headers.TransferEncoding.Count > 0)
        {
            request.Content = new ForwardedBody(incoming, activity);
        }

        foreach (var (name, values) in incoming.Headers.Where(h => !HopByHop.Contains(h.Key)))
        {
            if (!request.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
            }
        }

        var invocation = Guid.NewGuid().ToString();
        Set("X-Forwarded-For", http.Connection.RemoteIpAddress!.ToString());
        Set("X-Forwarded-Host", incoming.Host.Value!);
        Set("X-Forwarded-Proto", incoming.Scheme);
        Set("x-ms-invocation-id", invocation);
        Set("X-Azure-Functions-InvocationId", invocation);
        Set("X-Azure-Functions-HostVersion", HostVersion);
        return request;

        void Set(string name, string value)
        {
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }
    }

    private static async Task CopyAsync(HttpResponseMessage from, HttpResponse to, ActivityTimeout activity)
    {
        to.StatusCode = (int)from.StatusCode;
        foreach (var (name, values) in from.Headers.NonValidated.Concat(from.Content.Headers.NonValidated).Where(h => !HopByHop.Contains(h.Key)))
        {
            to.Headers[name] = values.ToArray();
        }

        await using var body = await from.Content.ReadAsStreamAsync(activity.Token);
        var buffer = new byte[16 * 1024];
        await to.StartAsync(activity.Token);
        while (await body.ReadAsync(buffer, activity.Token) is var read and > 0)
        {
            await to.Body.WriteAsync(buffer.AsMemory(0, read), activity.Token);
            await to.Body.FlushAsync(activity.Token);
            activity.Reset();
        }
    }

    private sealed class ForwardedBody(HttpRequest incoming, ActivityTimeout activity) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var buffer = new byte[16 * 1024];
            while (await incoming.Body.ReadAsync(buffer, activity.Token) is var read and > 0)
            {
                await stream.WriteAsync(buffer.AsMemory(0, read), activity.Token);
                await stream.FlushAsync(activity.Token);
                activity.Reset();
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = incoming.ContentLength ?? 0;
            return incoming.ContentLength is not null;
        }
    }
}
