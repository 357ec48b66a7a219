using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Stoa.Azure.EventHubs;

/// <summary>An event hub and how requests to it are authorized.</summary>
/// <param name="Uri">For example <c>https://contoso.servicebus.windows.net/audit</c>.</param>
internal sealed record HubEndpoint(Uri Uri, HttpPipelinePolicy Authorization)
{
    /// <summary>The identity needs the role Azure Event Hubs Data Sender.</summary>
    public static HubEndpoint WithIdentity(Uri hub, TokenCredential credential) =>
        new(hub, new BearerTokenAuthenticationPolicy(credential, "https://eventhubs.azure.net/.default"));

    /// <summary>
    /// Reads <c>Endpoint=sb://contoso.servicebus.windows.net/;SharedAccessKeyName=send;SharedAccessKey=...;EntityPath=audit</c>. Errors name what is
    /// at fault and never its value.
    /// </summary>
    /// <param name="hub">The hub's name, when the string is one of the whole namespace.</param>
    public static HubEndpoint Parse(string connection, string? hub, TimeProvider time)
    {
        var parts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in connection.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (part.Split('=', 2) is not [{ Length: > 0 } name, var value] || !parts.TryAdd(name, value))
            {
                throw new FormatException("The event hub's connection string is not a list of distinct Name=Value pairs separated by ';'.");
            }
        }

        var path = parts.GetValueOrDefault("EntityPath") ?? hub ?? throw new FormatException("The event hub's connection string has no EntityPath, and no hub is named.");
        return Uri.TryCreate(Need(parts, "Endpoint"), UriKind.Absolute, out var uri) && uri.Scheme is "sb" or "https"
            ? new(new UriBuilder("https", uri.Host, uri.IsDefaultPort || uri.Port < 0 ? 443 : uri.Port, path).Uri, new SharedAccessPolicy(Need(parts, "SharedAccessKeyName"), Need(parts, "SharedAccessKey"), time))
            : throw new FormatException("Endpoint in the event hub's connection string is not an sb:// URL.");
    }

    private static string Need(Dictionary<string, string> parts, string name) =>
        parts.TryGetValue(name, out var value) && value.Length > 0 ? value : throw new FormatException($"The event hub's connection string lacks {name}.");
}

/// <summary>Signs with a shared access key: a token per request, good for five minutes, for the hub alone.</summary>
internal sealed class SharedAccessPolicy(string name, string key, TimeProvider time) : HttpPipelineSynchronousPolicy
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    public override void OnSendingRequest(HttpMessage message)
    {
        var uri = message.Request.Uri.ToUri();
        var hub = uri.GetLeftPart(UriPartial.Path);
        hub = hub[..hub.LastIndexOf('/')];
        message.Request.Headers.SetValue("Authorization", TokenOf(hub));
    }

    private string TokenOf(string resource)
    {
        var encoded = Uri.EscapeDataString(resource.ToLowerInvariant());
        var expiry = (time.GetUtcNow() + Life).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes($"{encoded}\n{expiry}"));
        return $"SharedAccessSignature sr={encoded}&sig={Uri.EscapeDataString(Convert.ToBase64String(signature))}&se={expiry}&skn={Uri.EscapeDataString(name)}";
    }
}
