using Microsoft.AspNetCore.Http;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.LlmProxy;

/// <summary>What is said of URLs under <c>/v1</c> and <c>/openai</c> that the gateway does not serve.</summary>
internal static class LlmUrls
{
    /// <summary>The refusal of a URL or method that is not served, made clearer where the caller wants something that is left out on purpose.</summary>
    public static Refusal Explain(HttpRequest request, Refusal refusal) => refusal.Kind switch
    {
        RefusalKind.NotFound or RefusalKind.MethodNotAllowed when AsksForWebSocket(request) =>
            new(RefusalKind.WebSocketUnsupported, "The gateway does not serve WebSockets (realtime). Use chat completions, responses or messages with \"stream\": true."),
        RefusalKind.NotFound =>
            new(RefusalKind.NotFound, "There is nothing at this URL. Models are served at /v1/chat/completions, /v1/responses, /v1/embeddings, /v1/messages, /v1/messages/count_tokens and /v1/models; Azure's clients find them under /openai."),
        _ => refusal,
    };

    private static bool AsksForWebSocket(HttpRequest request) =>
        ((string?)request.Headers.Upgrade)?.Contains("websocket", StringComparison.OrdinalIgnoreCase) ?? false;
}
