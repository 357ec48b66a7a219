using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Secrets;

namespace Stoa.Gateway.Tools.Credentials;

/// <summary>Opens what a tool proves itself with; the caller's own credential plays no part.</summary>
internal sealed class ToolCredentials(SecretVault secrets, ILogger<ToolCredentials> log)
{
    /// <summary>Null when a part of the credential is missing or cannot stand in a header.</summary>
    public async ValueTask<ToolCredential?> OpenAsync(Tool tool, CancellationToken ct)
    {
        switch (tool.Spec.Auth)
        {
            case { Type: ToolAuthType.None }:
                return ToolCredential.None;

            case { Bearer: { } bearer }:
                return await OpenAsync(tool, bearer.SecretRef, ct) is { } token ? ToolCredential.Header("Authorization", "Bearer " + token.Reveal()) : null;

            case { Basic: { } basic }:
                var user = basic.UsernameRef is null ? new Secret(basic.Username!) : await OpenAsync(tool, basic.UsernameRef, ct);
                var password = await OpenAsync(tool, basic.PasswordRef, ct);
                return user is null || password is null ? null : ToolCredential.Basic(user.Reveal(), password);

            case { ApiKey: { } key }:
                return await OpenAsync(tool, key.SecretRef, ct) is not { } value ? null : key.In switch
                {
                    ApiKeyPlace.Query => ToolCredential.InQuery(key.Name, value),
                    ApiKeyPlace.Cookie => ToolCredential.Header("Cookie", $"{key.Name}={value.Reveal()}"),
                    _ => ToolCredential.Header(key.Name, value.Reveal()),
                };

            default:
                return null;
        }
    }

    private async ValueTask<Secret?> OpenAsync(Tool tool, SecretRef reference, CancellationToken ct)
    {
        try
        {
            var secret = await secrets.OpenAsync(tool.Revision, reference.Name, reference.Key, ct);
            return secret is null || secret.Reveal().AsSpan().ContainsAny('\r', '\n', '\0') ? null : secret;
        }
        catch (Exception e) when (e is CryptographicException or InvalidDataException)
        {
            ToolLog.SecretUnusable(log, tool.Revision.Tenant, tool.Name, reference.Name, reference.Key, e);
            return null;
        }
    }
}

internal static partial class ToolLog
{
    [LoggerMessage(6001, LogLevel.Error, "Tool {Tool} of {Tenant} cannot use key {Key} of Secret {Secret}.")]
    public static partial void SecretUnusable(ILogger logger, TenantId tenant, string tool, string secret, string key, Exception exception);
}
