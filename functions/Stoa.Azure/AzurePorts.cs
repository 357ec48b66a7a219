using Azure.Core;
using Azure.Identity;
using Azure.Security.KeyVault.Secrets;
using Stoa.Azure.Blobs;
using Stoa.Azure.EventHubs;
using Stoa.Azure.Identity;
using Stoa.Azure.KeyVault;
using Stoa.Azure.Rest;
using Stoa.Azure.Tables;
using Stoa.Gateway;
using Stoa.Gateway.Audit.Sealing;
using Stoa.Gateway.Keys;

namespace Stoa.Azure;

/// <summary>The gateway's ports over Azure. Nothing here connects: the first call does, so that the process listens first.</summary>
internal static class AzurePorts
{
    /// <summary>The key in Key Vault that wraps the key ring.</summary>
    public const string RingKeyName = "stoa-key-ring";

    /// <summary>The key in Key Vault that signs checkpoints of the audit ledger.</summary>
    public const string AuditKeyName = "stoa-audit";

    public static GatewayPorts Open(AzureSettings settings, TimeProvider time)
    {
        var credential = new Lazy<TokenCredential>(() => CredentialOf(settings));
        var storage = settings.StorageConnection is { } connection
            ? StorageConnection.Parse(connection, time)
            : new(StorageEndpoint.WithIdentity(settings.Tables!, credential.Value), StorageEndpoint.WithIdentity(settings.Blobs!, credential.Value));
        var audit = settings.AuditBlobs is { } own ? storage.Blobs with { Uri = own } : storage.Blobs;
        var vault = settings.KeyVault;
        return new(
            new AzureRowStore(storage.Tables, StorageSettings.Default, time),
            new AzureBlobStore(storage.Blobs, StorageSettings.Default, time),
            vault is null ? new LocalKeyWrap(settings.KeyFile!) : new KeyVaultKeyWrap(vault, RingKeyName, credential.Value, new KeyVaultOptions()),
            vault is null ? null : new KeyVaultSecrets(vault, credential.Value, new SecretClientOptions()).ReadAsync,
            new AzureAppendStore(audit, StorageSettings.Default, time),
            new AzureBlobStore(audit, StorageSettings.Default, time),
            vault is null ? new LocalCheckpointKey(Path.Combine(Path.GetDirectoryName(settings.KeyFile!) ?? "", "audit-key.pem")) : new KeyVaultCheckpointKey(vault, AuditKeyName, credential.Value, new KeyVaultOptions()),
            HasIdentity(settings) ? new IdentityTokens(credential, time).ReadAsync : null,
            HubOf(settings, credential, time) is { } hub ? new EventHubSender(hub, new EventHubOptions()).SendAsync : null,
            settings.AuditAnchor is { } anchor ? new AzureBlobStore(storage.Blobs with { Uri = anchor }, StorageSettings.Default, time) : null);
    }

    private static HubEndpoint? HubOf(AzureSettings settings, Lazy<TokenCredential> credential, TimeProvider time) =>
        settings.EventHubConnection is { } connection ? HubEndpoint.Parse(connection, settings.EventHub, time)
        : settings.EventHub is { } url ? HubEndpoint.WithIdentity(new Uri(url), credential.Value)
        : null;

    // On a developer's machine with a connection string and a key file nothing needs one, and a search for one would take its time.
    private static bool HasIdentity(AzureSettings settings) => settings.StorageConnection is null || settings.KeyVault is not null || settings.IdentityClientId is not null;

    // In Azure the managed identity and nothing else; the long search of other credentials is for developers' machines.
    private static TokenCredential CredentialOf(AzureSettings settings) => settings.IdentityClientId is { } clientId
        ? new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(clientId))
        : new DefaultAzureCredential();
}

/// <summary>Where state of record is and as whom it is reached.</summary>
/// <param name="StorageConnection">A connection string for Azurite or a development account; else the two endpoints are used with an identity.</param>
/// <param name="KeyVault">
/// Null on a developer's machine, where the key ring is wrapped under <paramref name="KeyFile"/> instead, and <c>audit-key.pem</c> beside it signs checkpoints.
/// </param>
internal sealed record AzureSettings(string? StorageConnection, Uri? Tables, Uri? Blobs, Uri? KeyVault, string? KeyFile, string? IdentityClientId)
{
    /// <summary>The account of the audit ledger, when it has one of its own; reached as the other is.</summary>
    public Uri? AuditBlobs { get; init; }

    /// <summary>Another account for copies of checkpoints; reached as the other is.</summary>
    public Uri? AuditAnchor { get; init; }

    /// <summary>Where records are streamed to: the hub's URL, or its name when there is a connection string.</summary>
    public string? EventHub { get; init; }

    /// <summary>A connection string with a shared access key that may send; else the identity is used.</summary>
    public string? EventHubConnection { get; init; }
}
