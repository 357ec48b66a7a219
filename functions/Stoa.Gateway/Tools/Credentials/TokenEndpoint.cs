using System.Text;
using Microsoft.Extensions.Logging;
using Stoa.Gateway.Egress;

namespace Stoa.Gateway.Tools.Credentials;

/// <summary>Asks a token endpoint for a token by the client credentials grant (RFC 6749 §4.4), with the resource of RFC 8707.</summary>
internal sealed class TokenEndpoint(EgressClient egress, ILogger<TokenEndpoint> log)
{
    /// <summary>A token is small and soon made.</summary>
    private static readonly EgressLimits Limits = new(TimeSpan.FromSeconds(10), 64 * 1024, MaxRedirects: 0);

    /// <summary>Ends by its own limits: several calls may wait for it.</summary>
    public async Task<TokenAnswer> AskAsync(TokenKey key)
    {
        using var request = Request(key);
        var sent = await egress.SendAsync(request, Limits, CancellationToken.None);
        using var reply = sent.Value;
        var answer = reply is not null ? TokenAnswer.Read(reply.Status, reply.Body) : TokenAnswer.Of(sent.Failure!);
        if (answer.Token is null)
        {
            ToolLog.NoToken(log, key.Tenant, request.RequestUri!.Host, answer.Fault);
        }

        return answer;
    }

    private static HttpRequestMessage Request(TokenKey key)
    {
        var form = new List<KeyValuePair<string, string>> { new("grant_type", "client_credentials") };
        if (key.Auth.Scopes.Count > 0)
        {
            form.Add(new("scope", string.Join(' ', key.Auth.Scopes)));
        }

        if (key.Auth.Audience is { } audience)
        {
            form.Add(new("audience", audience));
        }

        if (key.Auth.Resource is { } resource)
        {
            form.Add(new("resource", resource));
        }

        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(key.Auth.TokenUrl));
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        request.Headers.TryAddWithoutValidation("User-Agent", EgressClient.UserAgent);
        if (key.Auth.ClientAuthentication is ClientAuthentication.Post)
        {
            form.Add(new("client_id", key.ClientId));
            form.Add(new("client_secret", key.ClientSecret.Reveal()));
        }
        else
        {
            // RFC 6749 §2.3.1: form-encoded each, then joined, so that a colon in the id cannot move the border.
            var pair = Encoding.ASCII.GetBytes($"{FormEncode(key.ClientId)}:{FormEncode(key.ClientSecret.Reveal())}");
            request.Headers.TryAddWithoutValidation("Authorization", "Basic " + Convert.ToBase64String(pair));
        }

        request.Content = new FormUrlEncodedContent(form);
        return request;
    }

    private static string FormEncode(string text) => Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal);
}
