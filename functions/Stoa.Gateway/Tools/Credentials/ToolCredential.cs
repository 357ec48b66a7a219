using System.Text;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Tools.Credentials;

/// <summary>What a tool's own credential adds to a request: one header, or one query parameter, or a client certificate, or nothing. It does not print.</summary>
internal readonly record struct ToolCredential(string? HeaderName, Secret? HeaderValue, string? Query)
{
    private const string Mask = "***";

    public static ToolCredential None => default;

    /// <summary>Set when the header holds an access token that was not fetched for this very call: the upstream may have withdrawn it.</summary>
    public AccessToken? CachedToken { get; init; }

    /// <summary>To be returned when the request is over.</summary>
    public ClientCertificate? Certificate { get; init; }

    public static ToolCredential Header(string name, string value) => new(name, new Secret(value), null);

    public static ToolCredential InQuery(string name, Secret value) =>
        new(null, null, $"{Uri.EscapeDataString(name)}={Uri.EscapeDataString(value.Reveal())}");

    /// <summary>RFC 7617 §2.</summary>
    public static ToolCredential Basic(string user, Secret password) =>
        Header("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password.Reveal()}")));

    /// <summary>Stands where the credential would stand, for showing a request to people; opens nothing.</summary>
    public static ToolCredential Masked(ToolAuth auth) => auth switch
    {
        { ApiKey: { In: ApiKeyPlace.Query } key } => new(null, null, $"{Uri.EscapeDataString(key.Name)}={Mask}"),
        { ApiKey: { In: ApiKeyPlace.Cookie } key } => Header("Cookie", $"{key.Name}={Mask}"),
        { ApiKey: { } key } => Header(key.Name, Mask),
        { Basic: not null } => Header("Authorization", "Basic " + Mask),
        { Bearer: not null } or { OAuth2: not null } => Header("Authorization", "Bearer " + Mask),
        _ => None,
    };

    public override string ToString() => Mask;
}

/// <summary>A credential, or null and why there is none in a sentence fit for an agent.</summary>
internal readonly record struct OpenedCredential(ToolCredential? Credential, string Fault);
