using Stoa.Gateway;
using Stoa.Gateway.Doors;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Storage;

namespace Stoa.Functions;

/// <summary>
/// The outermost handler: names the trace on every response, and turns what no door expected into an answer without internals. The one
/// place that catches everything.
/// </summary>
internal sealed class Edge(RequestDelegate next, ILogger<Edge> log)
{
    public async Task InvokeAsync(HttpContext http)
    {
        var traceId = Entrance.TraceIdOf(http);
        http.Response.Headers["x-stoa-trace-id"] = traceId;
        http.Response.Headers.XContentTypeOptions = "nosniff";
        try
        {
            await next(http);
        }
        catch (Exception e) when (http.RequestAborted.IsCancellationRequested && e is OperationCanceledException or IOException)
        {
            // The client has left; there is nobody to tell.
        }
        catch (Exception e)
        {
            var refusal = RefusalFor(e);
            if (refusal.Kind is RefusalKind.StorageUnavailable)
            {
                EdgeLog.StorageUnavailable(log, http.Request.Method, http.Request.Path, traceId, e);
            }
            else if (refusal.Kind is RefusalKind.Fault)
            {
                EdgeLog.Fault(log, http.Request.Method, http.Request.Path, traceId, e);
            }

            if (http.Response.HasStarted)
            {
                // Half an answer must not pass for a whole one.
                http.Abort();
                return;
            }

            http.Response.Clear();
            http.Response.Headers["x-stoa-trace-id"] = traceId;
            await RouteTable.RefuseAsync(http, refusal);
        }
    }

    private static Refusal RefusalFor(Exception e) => e switch
    {
        StorageUnavailableException => new(RefusalKind.StorageUnavailable, "Storage does not answer. Nothing is lost; try again.") { RetryAfter = TimeSpan.FromSeconds(2) },
        BadHttpRequestException => new(RefusalKind.MalformedRequest, "The HTTP request is malformed or was cut short."),
        _ => new(RefusalKind.Fault, "The gateway failed. The trace id names the incident for its operators."),
    };
}

internal static partial class EdgeLog
{
    [LoggerMessage(9001, LogLevel.Error, "{Method} {Path} failed, trace {TraceId}.")]
    public static partial void Fault(ILogger logger, string method, string path, string traceId, Exception exception);

    [LoggerMessage(9002, LogLevel.Warning, "{Method} {Path} was refused because storage does not answer, trace {TraceId}.")]
    public static partial void StorageUnavailable(ILogger logger, string method, string path, string traceId, Exception exception);
}
