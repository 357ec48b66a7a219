using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Models.Routing;
using Stoa.Gateway.Secrets;
using Stoa.Gateway.Storage;
using Stoa.Gateway.Tools.Requests;

namespace Stoa.Gateway.Models.Upstream;

/// <summary>Opens what the gateway proves itself with at a provider; the caller's own credential plays no part.</summary>
/// <param name="identity">Null when the gateway has none.</param>
internal sealed class ProviderCredentials(SecretVault secrets, ReadIdentityToken? identity, ILogger<ProviderCredentials> log)
{
    /// <summary>False when there is one and it cannot be had; the value is null for a provider that asks for nothing.</summary>
    public async ValueTask<(bool IsUsable, Secret? Value)> OpenAsync(Provider provider, CancellationToken ct)
    {
        if (provider.Spec.Auth is not { } auth)
        {
            return (true, null);
        }

        try
        {
            var secret = auth.SecretRef is { } reference ? await secrets.OpenAsync(provider.Revision, reference.Name, reference.Key, ct)
                : identity is not null ? await identity(ct)
                : null;
            if (secret is not null && HeaderRules.CanHold(secret.Reveal()))
            {
                return (true, secret);
            }

            ModelLog.CredentialMissing(log, provider.Revision.Tenant, provider.Name);
            return (false, null);
        }
        catch (Exception e) when (e is CryptographicException or InvalidDataException or StorageUnavailableException)
        {
            ModelLog.CredentialUnusable(log, provider.Revision.Tenant, provider.Name, e);
            return (false, null);
        }
    }
}
