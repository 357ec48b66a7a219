using System.Net;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Tenants;

/// <summary>A stored key ready for use: networks parsed, and the caller that it makes kept for as long as the tenant's revision stands.</summary>
internal sealed class KnownKey(ApiKey key)
{
    private readonly IPNetwork[]? _networks = key.Addresses?.Select(a => IPNetwork.Parse(a)).ToArray();

    // Replaced whole; a race builds it twice, equally.
    private volatile Caller? _caller;

    public ApiKey Key => key;

    public bool IsLive(DateTimeOffset now) => key.RevokedAt is null && !(key.ExpiresAt <= now);

    /// <summary>False also when nobody trustworthy says where the request came from: fail closed.</summary>
    public bool MayComeFrom(IPAddress? address) => _networks is null
        || (address is not null && Array.Exists(_networks, n => n.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)));

    /// <summary>Who the key speaks for under this revision, or null when tenant or consumer are not those it was issued to.</summary>
    public Caller? CallerUnder(Revision revision)
    {
        if (_caller is { } known && ReferenceEquals(known.Revision, revision))
        {
            return known;
        }

        if (revision.Uid != key.TenantUid || TenantView.Of(revision).FindConsumer(key.Consumer, key.ConsumerUid) is not { } consumer)
        {
            return null;
        }

        var granted = ScopeNames.Parse(consumer.Scopes);
        return _caller = new Caller
        {
            Revision = revision,
            Name = key.Consumer,
            CredentialId = key.Id,
            AuthMethod = "api_key",
            Scopes = key.Scopes is null ? granted : granted & ScopeNames.Parse(key.Scopes),
            Role = consumer.Role,
            Tools = ToolFilter.Of(consumer.Tools).And(ToolFilter.Of(key.Tools)),
            Models = ToolFilter.Of(consumer.Models),
            IsSuspended = consumer.Suspended,
        };
    }
}
