using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Keys;
using Stoa.Gateway.Storage;

namespace Stoa.Gateway.Secrets;

/// <summary>
/// Credentials for upstreams: sealed when applied, opened when a call needs one, shown to nobody. A sealed value is bound to its tenant,
/// its resource's incarnation and its key, so copying it elsewhere in storage gains nothing.
/// </summary>
internal sealed class SecretVault(Sealer sealer, VaultReferences references)
{
    public const string Kind = "Secret";

    /// <summary>Longest plain value, in UTF-8 bytes.</summary>
    public const int MaxValueBytes = 32 * 1024;

    private const string Purpose = "secret";

    private static readonly RevisionView<Opened> OpenedView = new(static revision => new Opened(revision));

    /// <summary>Why a Key Vault reference cannot be accepted; null when it can.</summary>
    public string? RefuseReference(string name) => references.Refuse(name);

    public ValueTask<string> SealAsync(TenantId tenant, string uid, string key, Secret value, CancellationToken ct) =>
        sealer.SealAsync(Purpose, Place(tenant, uid, key), Encoding.UTF8.GetBytes(value.Reveal()), ct);

    /// <summary>Whether the stored Secret holds exactly this value under this key: applying it again then changes nothing.</summary>
    public async ValueTask<bool> MatchesAsync(TenantId tenant, Resource stored, string key, Secret value, CancellationToken ct)
    {
        // What no longer opens is not a match: applying the value again is how it is mended.
        return StoredSecret.Parse(stored).Sealed.TryGetValue(key, out var token)
            && await sealer.OpenAsync(Purpose, Place(tenant, stored.Uid, key), token, ct) is { } plain
            && CryptographicOperations.FixedTimeEquals(plain, Encoding.UTF8.GetBytes(value.Reveal()));
    }

    /// <summary>
    /// The value, or null when the revision has no such Secret, the Secret no such key, or the vault no such secret. Throws
    /// <see cref="CryptographicException"/> when it does not open, <see cref="StorageUnavailableException"/> when it cannot be had now.
    /// </summary>
    public ValueTask<Secret?> OpenAsync(Revision revision, string name, string key, CancellationToken ct)
    {
        var opened = revision.View(OpenedView);
        return opened.Values.TryGetValue((name, key), out var value) ? new(value) : OpenAsync(revision, opened, name, key, ct);
    }

    private async ValueTask<Secret?> OpenAsync(Revision revision, Opened opened, string name, string key, CancellationToken ct)
    {
        if (opened.Find(name) is not var (uid, spec))
        {
            return null;
        }

        if (spec.KeyVault.TryGetValue(key, out var reference))
        {
            return await references.ReadAsync(revision.Tenant, reference, ct);
        }

        if (!spec.Sealed.TryGetValue(key, out var token))
        {
            return null;
        }

        var plain = await sealer.OpenAsync(Purpose, Place(revision.Tenant, uid, key), token, ct)
            ?? throw new CryptographicException(
                $"Key '{key}' of Secret '{name}' of tenant '{revision.Tenant}' does not open with the present key ring; apply it again.");
        return opened.Values.GetOrAdd((name, key), new Secret(Encoding.UTF8.GetString(plain)));
    }

    private static string[] Place(TenantId tenant, string uid, string key) => [tenant.ToString(), uid, key];

    /// <summary>The Secrets of one revision, parsed and opened on first use; goes when the revision goes.</summary>
    private sealed class Opened(Revision revision)
    {
        private readonly ConcurrentDictionary<string, StoredSecret> _specs = new(StringComparer.Ordinal);

        public ConcurrentDictionary<(string Name, string Key), Secret> Values { get; } = new();

        public (string Uid, StoredSecret Spec)? Find(string name) =>
            revision.Find(Kind, name) is { } secret
                ? (secret.Uid, _specs.GetOrAdd(name, static (_, secret) => StoredSecret.Parse(secret), secret))
                : null;
    }
}
