using System.Diagnostics;

namespace Stoa.Gateway.Egress;

/// <summary>
/// One client span per call (OpenTelemetry HTTP conventions), so that a trace shows where the time went and <c>traceparent</c> names the
/// caller's side of it. Path and query stay out: they may carry secrets.
/// </summary>
internal static class EgressTrace
{
    /// <summary>The same source as the calls' own spans.</summary>
    private static readonly ActivitySource Source = new("Stoa.Gateway");

    /// <summary>Null, and next to free, when nobody listens.</summary>
    public static Activity? Start(HttpRequestMessage request)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        return Source.StartActivity(request.Method.Method, ActivityKind.Client)
            ?.SetTag("http.request.method", request.Method.Method)
            .SetTag("server.address", request.RequestUri?.Host)
            .SetTag("server.port", request.RequestUri?.Port);
    }

    public static void End(Activity? span, EgressResult<EgressReply> result)
    {
        if (span is null)
        {
            return;
        }

        var error = result.Failure?.Fault.ToString() ?? (result.Value!.Status >= 400 ? result.Value.Status.ToString(System.Globalization.CultureInfo.InvariantCulture) : null);
        span.SetTag("http.response.status_code", result.Value?.Status).SetTag("error.type", error);
        if (error is not null)
        {
            span.SetStatus(ActivityStatusCode.Error);
        }
    }
}
