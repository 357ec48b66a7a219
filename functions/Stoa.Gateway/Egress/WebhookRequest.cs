using System.Globalization;
using System.Net.Http.Headers;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Egress;

/// <summary>
/// A POST of JSON with the fields of Standard Webhooks: <c>webhook-id</c>, which stays the same when a message is repeated,
/// <c>webhook-timestamp</c> in seconds and, with a secret, <c>webhook-signature</c>.
/// </summary>
internal static class WebhookRequest
{
    /// <summary>The caller disposes it.</summary>
    public static HttpRequestMessage Post(Uri url, string id, DateTimeOffset at, byte[] body, Secret? secret)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("User-Agent", EgressClient.UserAgent);
        request.Headers.TryAddWithoutValidation("webhook-id", id);
        request.Headers.TryAddWithoutValidation("webhook-timestamp", at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        if (secret is not null)
        {
            request.Headers.TryAddWithoutValidation("webhook-signature", WebhookSignature.Of(secret, id, at, body));
        }

        return request;
    }
}
