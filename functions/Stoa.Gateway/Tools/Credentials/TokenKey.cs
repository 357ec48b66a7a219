using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Tools.Credentials;

/// <summary>
/// What an access token was issued for: this incarnation of the tenant, these settings, this very client secret. Tools that agree in all of it
/// share a token; a rotated secret has another.
/// </summary>
internal readonly struct TokenKey(Revision revision, OAuth2Auth auth, string clientId, Secret clientSecret) : IEquatable<TokenKey>
{
    private readonly string _tenantUid = revision.Uid;

    public TenantId Tenant { get; } = revision.Tenant;

    public OAuth2Auth Auth { get; } = auth;

    public string ClientId { get; } = clientId;

    public Secret ClientSecret { get; } = clientSecret;

    public bool Equals(TokenKey other) =>
        _tenantUid == other._tenantUid && ClientId == other.ClientId
        && (ReferenceEquals(Auth, other.Auth) || IsSame(Auth, other.Auth))
        && ClientSecret.IsSame(other.ClientSecret);

    public override bool Equals(object? obj) => obj is TokenKey other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(_tenantUid, Auth.TokenUrl, ClientId, Auth.Scopes.Count);

    private static bool IsSame(OAuth2Auth a, OAuth2Auth b) =>
        a.TokenUrl == b.TokenUrl && a.ClientAuthentication == b.ClientAuthentication && a.Audience == b.Audience && a.Resource == b.Resource
        && a.Scopes.SequenceEqual(b.Scopes);
}
