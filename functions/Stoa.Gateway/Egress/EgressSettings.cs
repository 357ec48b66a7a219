using System.Net;

namespace Stoa.Gateway.Egress;

/// <summary>
/// What tenants may reach, and the bounds of the connection pool. Networks listed in <see cref="AllowedNetworks"/> open private ranges;
/// they never open link-local addresses or the platform's own (<see cref="AddressRules"/>).
/// </summary>
internal sealed record EgressSettings
{
    /// <summary>No call reads more than this, whatever its limits say (10 MiB).</summary>
    public const int HardMaxBytes = 10 * 1024 * 1024;

    /// <summary>For embedded mode, where the upstream runs beside the gateway. In Azure, loopback carries the platform's sidecars.</summary>
    public bool AllowLoopback { get; init; }

    public IReadOnlyList<IPNetwork> AllowedNetworks { get; init; } = [];

    /// <summary>Name resolution, TCP and TLS together.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    public int MaxResponseBytes { get; init; } = 1024 * 1024;

    /// <summary>HTTP/1.1 connections per origin; calls above it wait, within their own time-out.</summary>
    public int MaxConnectionsPerServer { get; init; } = 256;

    /// <summary>After this a connection is not reused, so that a moved name is looked up, and judged, again.</summary>
    public TimeSpan ConnectionLifetime { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The limits of a call whose own configuration names none.</summary>
    public EgressLimits DefaultLimits => new(Timeout, MaxResponseBytes);

    /// <summary>Every problem of these settings, for the start-up report; empty when they are usable.</summary>
    public IEnumerable<string> Problems()
    {
        if (ConnectTimeout <= TimeSpan.Zero || ConnectTimeout > TimeSpan.FromMinutes(1))
        {
            yield return "Egress:ConnectTimeout must be over 0 and at most 1 minute.";
        }

        if (Timeout <= TimeSpan.Zero || Timeout > TimeSpan.FromMinutes(10))
        {
            yield return "Egress:Timeout must be over 0 and at most 10 minutes.";
        }

        if (MaxResponseBytes is < 1 or > HardMaxBytes)
        {
            yield return $"Egress:MaxResponseBytes must be 1 to {HardMaxBytes}.";
        }

        if (MaxConnectionsPerServer is < 1 or > 4096)
        {
            yield return "Egress:MaxConnectionsPerServer must be 1 to 4096.";
        }

        if (ConnectionLifetime < TimeSpan.FromSeconds(1) || ConnectionLifetime > TimeSpan.FromHours(1))
        {
            yield return "Egress:ConnectionLifetime must be 1 second to 1 hour.";
        }

        foreach (var network in AllowedNetworks)
        {
            if (AddressRules.NeverOpens(network))
            {
                yield return $"Egress:AllowedNetworks: {network} holds only addresses that cannot be opened.";
            }
        }
    }
}
