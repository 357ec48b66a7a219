using Stoa.Gateway.Tools.Credentials;

namespace Stoa.Gateway.Tools.Requests;

/// <summary>Where a tool's credential goes, so that nothing else goes there.</summary>
internal static class CredentialNames
{
    public static string? HeaderOf(ToolAuth auth) => auth switch
    {
        { ApiKey: { In: ApiKeyPlace.Header } key } => key.Name,
        { Type: ToolAuthType.Bearer or ToolAuthType.Basic or ToolAuthType.OAuth2 } => "Authorization",
        _ => null,
    };

    public static string? QueryOf(ToolAuth auth) => auth.ApiKey is { In: ApiKeyPlace.Query } key ? key.Name : null;

    public static string? CookieOf(ToolAuth auth) => auth.ApiKey is { In: ApiKeyPlace.Cookie } key ? key.Name : null;
}
