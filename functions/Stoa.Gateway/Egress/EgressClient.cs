using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.ObjectPool;

namespace Stoa.Gateway.Egress;

/// <summary>
/// The one way out for every call that a tenant can steer: tool endpoints, MCP servers, token endpoints, webhooks, key sets. One per process.
/// </summary>
/// <remarks>
/// What is on the message is all that is sent, plus <c>traceparent</c>. Build messages from scratch: headers of the inbound request, its
/// Authorization above all, have no place here. Failures are values; only the caller's own cancellation throws, and it drops the connection.
/// </remarks>
internal sealed class EgressClient : IDisposable
{
    /// <summary>For callers to set: what is on the message is all that is sent.</summary>
    public const string UserAgent = "stoa-serverless";

    private readonly AddressRules _rules;
    private readonly EgressSettings _settings;
    private readonly EgressConnector _connector;
    private readonly ILogger _logger;
    private readonly ObjectPool<Deadline> _deadlines;
    private readonly HttpMessageInvoker _invoker;

    public EgressClient(EgressSettings settings, TimeProvider time, ILogger<EgressClient> logger)
        : this(settings, time, logger, static async (host, ct) => await Dns.GetHostAddressesAsync(host, ct))
    {
    }

    public EgressClient(
        EgressSettings settings,
        TimeProvider time,
        ILogger<EgressClient> logger,
        Func<string, CancellationToken, ValueTask<IPAddress[]>> resolve)
    {
        _rules = new(settings);
        _logger = logger;
        _deadlines = Deadline.Pool(time);
        _settings = settings;
        _connector = new EgressConnector(_rules, resolve, settings.ConnectTimeout, time);
        _invoker = new(Handler(), disposeHandler: true);
        if (settings.AllowLoopback)
        {
            EgressLog.LoopbackIsOpen(logger);
        }
    }

    /// <summary>
    /// A client certificate with connections of its own: a connection that has presented it never carries a call that is not entitled to it.
    /// The caller disposes it once no call uses it.
    /// </summary>
    public EgressIdentity Identify(SslStreamCertificateContext certificate)
    {
        var handler = Handler();
        handler.SslOptions.ClientCertificateContext = certificate;
        return new(new HttpMessageInvoker(handler, disposeHandler: true), certificate);
    }

    /// <inheritdoc cref="SendAsync(HttpRequestMessage, EgressLimits, EgressIdentity?, CancellationToken)"/>
    public ValueTask<EgressResult<EgressReply>> SendAsync(HttpRequestMessage request, EgressLimits limits, CancellationToken ct) =>
        SendAsync(request, limits, identity: null, ct);

    /// <summary>Sends the request and reads the whole answer, whatever its status. The caller disposes request and reply.</summary>
    /// <param name="identity">Presented when the server asks for a client certificate; null for none.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<EgressResult<EgressReply>> SendAsync(
        HttpRequestMessage request, EgressLimits limits, EgressIdentity? identity, CancellationToken ct)
    {
        using var span = EgressTrace.Start(request);
        var deadline = _deadlines.Get();
        deadline.Start(limits.Timeout, ct);
        EgressResult<EgressReply> result;
        try
        {
            var opened = await FollowAsync(request, limits.MaxRedirects, identity?.Invoker ?? _invoker, deadline.Token);
            result = opened.IsAnswer
                ? await BodyReader.ReadAsync(opened.Value, Math.Min(limits.MaxBytes, EgressSettings.HardMaxBytes), deadline.Token)
                : new(opened.Failure);
        }
        catch (Exception e) when (EgressFailure.Explains(e))
        {
            ct.ThrowIfCancellationRequested();
            result = new(EgressFailure.Of(e, deadline.Token.IsCancellationRequested));
        }
        finally
        {
            _deadlines.Return(deadline);
        }

        EgressTrace.End(span, result);
        return result.IsAnswer ? result : new(Failed(request, result.Failure));
    }

    /// <summary>
    /// Sends the request and returns once the headers are read, for relays. The time-out ends there and no byte cap applies: the relay
    /// bounds both, and turns exceptions of the body stream into failures with <see cref="EgressFailure.Of"/>.
    /// </summary>
    public async ValueTask<EgressResult<HttpResponseMessage>> OpenAsync(HttpRequestMessage request, EgressLimits limits, CancellationToken ct)
    {
        var deadline = _deadlines.Get();
        deadline.Start(limits.Timeout, ct);
        try
        {
            var opened = await FollowAsync(request, limits.MaxRedirects, _invoker, deadline.Token);
            return opened.IsAnswer ? opened : new(Failed(request, opened.Failure));
        }
        catch (Exception e) when (EgressFailure.Explains(e))
        {
            ct.ThrowIfCancellationRequested();
            return new(Failed(request, EgressFailure.Of(e, deadline.Token.IsCancellationRequested)));
        }
        finally
        {
            _deadlines.Return(deadline);
        }
    }

    public void Dispose() => _invoker.Dispose();

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<EgressResult<HttpResponseMessage>> FollowAsync(
        HttpRequestMessage request, int redirectsLeft, HttpMessageInvoker invoker, CancellationToken ct)
    {
        if (!EgressTarget.TryCheck(request.RequestUri, _rules, out var reason))
        {
            return new(new EgressFailure(EgressFault.AddressForbidden, reason));
        }

        // The HTTP/1.1 writer cannot encode other characters and would send whatever its buffer held before: another caller's bytes.
        if (request.RequestUri.PathAndQuery.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            return new(new EgressFailure(EgressFault.AddressForbidden, "The URL holds characters that are not percent-encoded."));
        }

        // The handler would take the TLS server name from this field, and one origin's connection could speak for another.
        if (request.Headers.Host is not null)
        {
            return new(new EgressFailure(EgressFault.AddressForbidden, "The message carries a Host field of its own."));
        }

        while (true)
        {
            Prepare(request);
            var response = await invoker.SendAsync(request, ct);
            if (!Redirects.IsRedirect(response.StatusCode))
            {
                return new(response);
            }

            using (response)
            {
                if (redirectsLeft-- <= 0 || Redirects.Next(request, response) is not { } next)
                {
                    return new(new EgressFailure(EgressFault.RedirectForbidden, $"Status {(int)response.StatusCode}, not followed."));
                }

                request = next;
            }
        }
    }

    private static void Prepare(HttpRequestMessage request)
    {
        // HTTP/2 where TLS agrees on it, HTTP/1.1 otherwise.
        request.Version = HttpVersion.Version20;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { } traceparent } && !request.Headers.NonValidated.Contains("traceparent"))
        {
            request.Headers.TryAddWithoutValidation("traceparent", traceparent);
        }
    }

    private EgressFailure Failed(HttpRequestMessage request, EgressFailure failure)
    {
        var (host, port) = request.RequestUri is { IsAbsoluteUri: true } uri ? (uri.Host, uri.Port) : ("(no host)", 0);
        if (failure.Fault is EgressFault.AddressForbidden)
        {
            EgressLog.Forbidden(_logger, host, port);
        }

        EgressLog.Failed(_logger, host, port, failure.Fault, failure.Detail);
        return failure;
    }

    private SocketsHttpHandler Handler() => new()
    {
        UseCookies = false,
        UseProxy = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        ConnectCallback = _connector.ConnectAsync,
        ConnectTimeout = _settings.ConnectTimeout,
        PooledConnectionLifetime = _settings.ConnectionLifetime,
        MaxConnectionsPerServer = _settings.MaxConnectionsPerServer,
        EnableMultipleHttp2Connections = true,
        KeepAlivePingDelay = TimeSpan.FromSeconds(15),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(5),
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        MaxResponseHeadersLength = 32, // KiB

        // What nobody will read is not worth waiting for: an abandoned body costs its connection.
        MaxResponseDrainSize = 0,
        ResponseDrainTimeout = TimeSpan.Zero,
    };
}
