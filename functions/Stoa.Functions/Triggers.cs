using System.Text.Json;
using Stoa.Gateway;
using Stoa.Gateway.Doors;
using Stoa.Gateway.Kernel;

namespace Stoa.Functions;

/// <summary>
/// Timer functions as the Functions host calls them: <c>POST /{FunctionName}</c> with an envelope, answered with one. These paths exist
/// under the host only, and there only for the host: everything that it forwards from outside carries <c>x-ms-invocation-id</c>, which it
/// overwrites, and its own trigger calls do not.
/// </summary>
internal static class Triggers
{
    private const string ForwardedMark = "x-ms-invocation-id";

    // A run that takes longer has hung; the next one goes on where it stopped.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    public static void Map(IEndpointRouteBuilder endpoints, GatewayApp gateway, ILogger log)
    {
        foreach (var work in gateway.Timers)
        {
            endpoints.Map("/" + work.Function, http => HttpMethods.IsPost(http.Request.Method) && !http.Request.Headers.ContainsKey(ForwardedMark)
                ? RunAsync(http, work, log)
                : RefusalReply.WriteAsync(http, new(RefusalKind.NotFound, "There is nothing at this URL.")));
        }
    }

    private static async Task RunAsync(HttpContext http, TimedWork work, ILogger log)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        limit.CancelAfter(Limit);
        await work.RunAsync(limit.Token);
        TimerLog.Ran(log, work.Function);
        http.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteStartObject("Outputs"u8);
        json.WriteEndObject();
        json.WriteStartArray("Logs"u8);
        json.WriteEndArray();
        json.WriteNull("ReturnValue"u8);
        json.WriteEndObject();
    }
}

internal static partial class TimerLog
{
    [LoggerMessage(9101, LogLevel.Information, "Timer {Function} ran.")]
    public static partial void Ran(ILogger logger, string function);

    [LoggerMessage(9102, LogLevel.Error, "Timer {Function} failed; it runs again at its next time.")]
    public static partial void Failed(ILogger logger, string function, Exception exception);
}
