using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Secrets;

namespace Stoa.Gateway.Tools.Credentials;

/// <summary>Opens what a tool proves itself with; the caller's own credential plays no part.</summary>
internal sealed class ToolCredentials(SecretVault secrets, AccessTokens tokens, ClientCertificates certificates, ILogger<ToolCredentials> log)
{
    /// <param name="timeout">How long a token endpoint may keep this call waiting.</param>
    public async ValueTask<OpenedCredential> OpenAsync(Tool tool, TimeSpan timeout, CancellationToken ct)
    {
        switch (tool.Spec.Auth)
        {
            case { Type: ToolAuthType.None }:
                return new(ToolCredential.None, "");

            case { Bearer: { } bearer }:
                return Opened(await OpenAsync(tool, bearer.SecretRef, isPem: false, ct) is { } token ? ToolCredential.Header("Authorization", "Bearer " + token.Reveal()) : null);

            case { Basic: { } basic }:
                var user = basic.UsernameRef is null ? new Secret(basic.Username!) : await OpenAsync(tool, basic.UsernameRef, isPem: false, ct);
                var password = await OpenAsync(tool, basic.PasswordRef, isPem: false, ct);
                return Opened(user is null || password is null ? null : ToolCredential.Basic(user.Reveal(), password));

            case { ApiKey: { } key }:
                return Opened(await OpenAsync(tool, key.SecretRef, isPem: false, ct) is not { } value ? null : key.In switch
                {
                    ApiKeyPlace.Query => ToolCredential.InQuery(key.Name, value),
                    ApiKeyPlace.Cookie => ToolCredential.Header("Cookie", $"{key.Name}={value.Reveal()}"),
                    _ => ToolCredential.Header(key.Name, value.Reveal()),
                });

            case { OAuth2: { } client }:
                var id = client.ClientIdRef is null ? client.ClientId : (await OpenAsync(tool, client.ClientIdRef, isPem: false, ct))?.Reveal();
                var secret = await OpenAsync(tool, client.ClientSecretRef, isPem: false, ct);
                return id is null || secret is null ? Opened(null) : await tokens.GetAsync(new TokenKey(tool.Revision, client, id, secret), timeout, ct);

            case { Mtls: { } mutual }:
                var certificate = await OpenAsync(tool, mutual.CertificateRef, isPem: true, ct);
                var privateKey = await OpenAsync(tool, mutual.PrivateKeyRef, isPem: true, ct);
                return certificate is null || privateKey is null ? Opened(null) : certificates.Rent(tool.Revision, certificate, privateKey);

            default:
                return Opened(null);
        }
    }

    /// <summary>See <see cref="AccessTokens.TryInvalidate"/>.</summary>
    public bool TryInvalidate(AccessToken token) => tokens.TryInvalidate(token);

    private static OpenedCredential Opened(ToolCredential? credential) => credential is not null
        ? new(credential, "")
        : new(null, "The credential of this tool cannot be used. The tenant's administrator has to apply its Secret again.");

    private async ValueTask<Secret?> OpenAsync(Tool tool, SecretRef reference, bool isPem, CancellationToken ct)
    {
        try
        {
            var secret = await secrets.OpenAsync(tool.Revision, reference.Name, reference.Key, ct);
            return secret is null || (!isPem && secret.Reveal().AsSpan().ContainsAny('\r', '\n', '\0')) ? null : secret;
        }
        catch (Exception e) when (e is CryptographicException or InvalidDataException)
        {
            ToolLog.SecretUnusable(log, tool.Revision.Tenant, tool.Name, reference.Name, reference.Key, e);
            return null;
        }
    }
}

