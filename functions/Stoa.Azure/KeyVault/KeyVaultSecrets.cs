using Azure;
using Azure.Core;
using Azure.Security.KeyVault.Secrets;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Secrets;
using Stoa.Gateway.Storage;

namespace Stoa.Azure.KeyVault;

/// <summary>Reads secrets by their full name; fits <see cref="ReadVaultSecret"/>. The identity needs the role Key Vault Secrets User.</summary>
internal sealed class KeyVaultSecrets(Uri vault, TokenCredential credential, SecretClientOptions options)
{
    private readonly SecretClient _client = new(vault, credential, options);

    public async ValueTask<Secret?> ReadAsync(string name, CancellationToken ct)
    {
        try
        {
            var secret = await _client.GetSecretAsync(name, version: null, cancellationToken: ct);
            return new Secret(secret.Value.Value);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return null;
        }
        catch (Exception e) when (KeyVaultFaults.IsUnavailable(e, ct))
        {
            throw new StorageUnavailableException("Key Vault does not answer, or does not let us read.", e);
        }
    }
}
