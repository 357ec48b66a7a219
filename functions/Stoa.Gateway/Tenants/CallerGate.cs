using Stoa.Gateway.Config;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Storage;

namespace Stoa.Gateway.Tenants;

/// <summary>
/// Entry stage one: who calls. One storage read for a key not seen in the last five seconds, none otherwise; and no read at all for text
/// that cannot be a key.
/// </summary>
internal sealed class CallerGate(AdminKey admin, ApiKeyStore keys, ConfigReader config, Staleness staleness, TimeProvider time)
{
    private static readonly Caller Administrator = new()
    {
        Revision = null,
        Name = "administrator",
        CredentialId = "administrator",
        AuthMethod = "admin_key",
        Scopes = Scopes.Admin,
        Role = Role.PlatformAdmin,
        Tools = NameFilter.All,
    };

    private readonly FreshCache<KeyHash, KnownKey> _known = new(
        async (hash, ct) => await keys.FindAsync(hash.ToString(), ct) is { } key ? new KnownKey(key) : null, staleness, time);

    public ValueTask<Refusal?> IdentifyAsync(Entry entry, CancellationToken ct)
    {
        if (Credential.Read(entry, out var credential) is { } refusal)
        {
            return new(refusal);
        }

        if (credential.StartsWith(ApiKey.AdminPrefix, StringComparison.Ordinal))
        {
            entry.Caller = admin.Matches(credential) ? Administrator : null;
            return new(entry.Caller is null ? Credential.Unknown() : null);
        }

        return ApiKey.LooksRight(credential) ? IdentifyByKeyAsync(entry, KeyHash.Of(credential), ct) : new(Credential.Unknown());
    }

    /// <summary>Makes this instance see a change of a key at once; others see it within the staleness rule.</summary>
    public void Changed(string hash, ApiKey key) => _known.Put(KeyHash.Parse(hash), new KnownKey(key));

    private async ValueTask<Refusal?> IdentifyByKeyAsync(Entry entry, KeyHash hash, CancellationToken ct)
    {
        if (await _known.GetAsync(hash, ct) is not { } known
            || !known.IsLive(time.GetUtcNow())
            || !TenantId.TryParse(known.Key.Tenant, out var tenant)
            || await config.GetAsync(tenant, ct) is not { } revision
            || known.CallerUnder(revision) is not { } caller)
        {
            return Credential.Unknown();
        }

        if (!known.MayComeFrom(entry.RemoteAddress))
        {
            return new(RefusalKind.AddressForbidden, "This key may not be used from this network address.");
        }

        entry.Caller = caller;
        return null;
    }
}
