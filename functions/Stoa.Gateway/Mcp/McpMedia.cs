using Microsoft.AspNetCore.Http;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Mcp;

/// <summary>What the head of a request says of the forms that it sends and takes.</summary>
internal static class McpMedia
{
    // Any other upgrade is an offer to ignore (RFC 9110 §7.8): some HTTP clients offer h2c on every plain-text request.
    public static bool AsksForWebSocket(HttpRequest request) =>
        ((string?)request.Headers.Upgrade)?.Contains("websocket", StringComparison.OrdinalIgnoreCase) ?? false;

    public static Refusal? Check(HttpRequest request)
    {
        if (request.ContentType is not { } type || !type.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) || type.Length > 16 && type[16] is not (';' or ' '))
        {
            return new(RefusalKind.UnsupportedMediaType, "Content-Type must be application/json.");
        }

        string? accept = request.Headers.Accept;
        return accept is null || accept.Contains("json", StringComparison.OrdinalIgnoreCase) || accept.Contains("*/*", StringComparison.Ordinal) || AcceptsStream(request)
            || accept.Contains("application/*", StringComparison.OrdinalIgnoreCase)
            ? null
            : new(RefusalKind.NotAcceptable, "Accept must list application/json and text/event-stream.");
    }

    public static bool AcceptsStream(HttpRequest request) =>
        ((string?)request.Headers.Accept)?.Contains("text/event-stream", StringComparison.OrdinalIgnoreCase) ?? false;
}
