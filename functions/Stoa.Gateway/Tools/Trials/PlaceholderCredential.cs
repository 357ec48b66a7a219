using Stoa.Gateway.Kernel;
using Stoa.Gateway.Tools.Credentials;

namespace Stoa.Gateway.Tools.Trials;

/// <summary>A mask where the credential would stand, for a request that is only shown: then no secret needs to be opened.</summary>
internal static class PlaceholderCredential
{
    public static ToolCredential Of(ToolAuth auth) => auth switch
    {
        { ApiKey: { In: ApiKeyPlace.Query } key } => ToolCredential.InQuery(key.Name, new Secret(SecretMask.Shown)),
        { ApiKey: { In: ApiKeyPlace.Cookie } key } => ToolCredential.Header("Cookie", $"{key.Name}={SecretMask.Shown}"),
        { ApiKey: { } key } => ToolCredential.Header(key.Name, SecretMask.Shown),
        { Basic: not null } => ToolCredential.Header("Authorization", $"Basic {SecretMask.Shown}"),
        { Bearer: not null } or { OAuth2: not null } => ToolCredential.Header("Authorization", $"Bearer {SecretMask.Shown}"),
        _ => ToolCredential.None,
    };
}
