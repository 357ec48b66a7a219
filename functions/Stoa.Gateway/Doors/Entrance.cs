using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Http;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Tenants;

namespace Stoa.Gateway.Doors;

/// <summary>
/// What every governed door does first, from the head of the request alone: Host and Origin against DNS rebinding, then the corridor's
/// entry stages.
/// </summary>
internal sealed class Entrance(CallPipeline pipeline, EntranceSettings settings)
{
    /// <summary>The caller, or why not.</summary>
    public async ValueTask<(Caller? Caller, Refusal? Refusal)> EnterAsync(HttpContext http, string? urlTenant)
    {
        var request = http.Request;
        var headers = request.Headers;
        var entry = new Entry
        {
            Door = OperationOf(http),
            TraceId = TraceIdOf(http),
            Agent = headers.UserAgent,
            Authorization = headers.Authorization,
            XApiKey = headers["x-api-key"],
            ApiKey = headers["api-key"],
            RemoteAddress = AddressOf(http),
            UrlTenant = urlTenant,
        };
        if (!settings.AllowsHost(request.Host.Host))
        {
            return (null, await pipeline.RefuseAsync(entry, new(RefusalKind.HostForbidden, $"The Host header names '{request.Host.Host}', which is not this gateway. Set Stoa__PublicUrl or Stoa__AllowedHosts to serve it.")));
        }

        var refusal = await pipeline.EnterAsync(entry, http.RequestAborted);
        string? origin = headers.Origin;
        if (origin is not null && (settings.AllowsOrigin(origin, request.Host.Host) || TenantAllows(entry.Caller, origin)))
        {
            Cors.Allow(http, origin);
        }
        else if (origin is not null)
        {
            refusal = new(RefusalKind.OriginForbidden, "Requests from this browser origin are not allowed. The tenant's allowedOrigins may name it.");
        }

        return refusal is null ? (entry.Caller, null) : (null, await pipeline.RefuseAsync(entry, refusal));
    }

    /// <summary>
    /// Puts on record that a request became no call, for example since it is malformed; one of a caller that is not known (null) is counted.
    /// The answer is that refusal, or that it cannot be recorded.
    /// </summary>
    public ValueTask<Refusal> RefuseAsync(HttpContext http, Caller? caller, Refusal refusal) =>
        pipeline.RefuseAsync(new Entry { Door = OperationOf(http), TraceId = TraceIdOf(http), Agent = http.Request.Headers.UserAgent, Caller = caller }, refusal);

    /// <summary>The body of a known caller's request, or why not, on record.</summary>
    public async ValueTask<(RequestBody? Body, Refusal? Refusal)> ReadAsync(HttpContext http, Caller caller, int cap, string advice)
    {
        var (body, refusal) = await RequestBody.ReadAsync(http.Request, cap, advice, http.RequestAborted);
        return (body, refusal is null ? null : await RefuseAsync(http, caller, refusal));
    }

    /// <summary>The trace id of the request, which W3C trace context of the caller continues when it is well-formed.</summary>
    public static string TraceIdOf(HttpContext http) => Activity.Current?.TraceId.ToHexString() ?? http.TraceIdentifier;

    /// <summary>Method and route of a request, for records: <c>POST /mcp/v1/tools/{name}/invoke</c>.</summary>
    public static string OperationOf(HttpContext http) =>
        $"{(http.Request.Method is { Length: <= 16 } method ? method : "?")} {(http.GetEndpoint() as Microsoft.AspNetCore.Routing.RouteEndpoint)?.RoutePattern.RawText ?? "?"}";

    private static bool TenantAllows(Caller? caller, string origin) =>
        caller?.Revision is { } revision && TenantView.Of(revision).Tenant.AllowedOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase);

    // Under the Functions host every connection comes from the host on loopback, and the host replaces X-Forwarded-For with what it saw.
    private IPAddress? AddressOf(HttpContext http)
    {
        if (!settings.BehindFunctionsHost)
        {
            return http.Connection.RemoteIpAddress;
        }

        string? forwarded = http.Request.Headers["X-Forwarded-For"];
        var last = forwarded.AsSpan()[(forwarded.AsSpan().LastIndexOf(',') + 1)..].Trim();
        return IPAddress.TryParse(last, out var address) || (IPEndPoint.TryParse(last, out var end) && (address = end.Address) is not null) ? address : null;
    }
}
