using System.Text.Json.Serialization;
using Stoa.Gateway.Secrets;

namespace Stoa.Gateway.Tools.Credentials;

/// <summary>Exactly the member that <paramref name="Type"/> names is present.</summary>
internal sealed record ToolAuth(
    ToolAuthType Type, ApiKeyAuth? ApiKey, BearerAuth? Bearer, BasicAuth? Basic,
    [property: JsonPropertyName("oauth2")] OAuth2Auth? OAuth2, MutualTlsAuth? Mtls)
{
    /// <summary>What the tool cannot work without.</summary>
    [JsonIgnore]
    public IEnumerable<SecretRef> Secrets => new[]
    {
        ApiKey?.SecretRef, Bearer?.SecretRef, Basic?.UsernameRef, Basic?.PasswordRef, OAuth2?.ClientIdRef, OAuth2?.ClientSecretRef, Mtls?.CertificateRef, Mtls?.PrivateKeyRef,
    }.OfType<SecretRef>();
}

internal enum ToolAuthType
{
    None,
    ApiKey,
    Bearer,
    Basic,

    [JsonStringEnumMemberName("oauth2")]
    OAuth2,

    Mtls,
}

internal sealed record ApiKeyAuth(ApiKeyPlace In, string Name, SecretRef SecretRef);

internal enum ApiKeyPlace
{
    Header,
    Query,
    Cookie,
}

internal sealed record BearerAuth(SecretRef SecretRef);

/// <summary>Exactly one of <paramref name="Username"/> and <paramref name="UsernameRef"/> is present.</summary>
internal sealed record BasicAuth(string? Username, SecretRef? UsernameRef, SecretRef PasswordRef);

/// <summary>
/// The client credentials grant (RFC 6749 §4.4). Exactly one of <paramref name="ClientId"/> and <paramref name="ClientIdRef"/> is present.
/// </summary>
internal sealed record OAuth2Auth(
    string TokenUrl, string? ClientId, SecretRef? ClientIdRef, SecretRef ClientSecretRef, ClientAuthentication ClientAuthentication,
    IReadOnlyList<string> Scopes, string? Audience, string? Resource);

/// <summary>How a client proves itself at the token endpoint (RFC 6749 §2.3.1).</summary>
internal enum ClientAuthentication
{
    Basic,
    Post,
}

/// <summary>A client certificate and its key, both PEM.</summary>
internal sealed record MutualTlsAuth(SecretRef CertificateRef, SecretRef PrivateKeyRef);
