using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Stoa.Gateway.Egress;

/// <summary>
/// Which IP addresses a tenant's calls may reach: public ones, and what the operator opened. An IPv6 address that carries IPv4 addresses
/// (mapped, compatible, translated, 6to4, Teredo, NAT64, ISATAP) is judged by those.
/// </summary>
internal sealed class AddressRules(bool allowLoopback, IReadOnlyList<IPNetwork> allowed)
{
    /// <summary>First match wins; what matches nothing is public (IPv4) or falls to the last row (IPv6).</summary>
    private static readonly (IPNetwork Network, AddressClass Class)[] Table =
    [
        Row("168.63.129.16/32", AddressClass.Platform),       // Azure wire server: DNS, health and goal state of the VM
        Row("100.100.100.200/32", AddressClass.Platform),     // Alibaba metadata
        Row("192.0.0.192/32", AddressClass.Platform),         // Oracle metadata
        Row("0.0.0.0/8", AddressClass.Unspecified),
        Row("10.0.0.0/8", AddressClass.Private),
        Row("100.64.0.0/10", AddressClass.SharedNat),
        Row("127.0.0.0/8", AddressClass.Loopback),
        Row("169.254.0.0/16", AddressClass.LinkLocal),
        Row("172.16.0.0/12", AddressClass.Private),
        Row("192.0.0.0/24", AddressClass.Reserved),
        Row("192.0.2.0/24", AddressClass.Documentation),
        Row("192.88.99.0/24", AddressClass.Reserved),         // 6to4 relay anycast, RFC 7526
        Row("192.168.0.0/16", AddressClass.Private),
        Row("198.18.0.0/15", AddressClass.Benchmark),
        Row("198.51.100.0/24", AddressClass.Documentation),
        Row("203.0.113.0/24", AddressClass.Documentation),
        Row("224.0.0.0/4", AddressClass.Multicast),
        Row("255.255.255.255/32", AddressClass.Broadcast),
        Row("240.0.0.0/4", AddressClass.Reserved),

        Row("::/128", AddressClass.Unspecified),
        Row("::1/128", AddressClass.Loopback),
        Row("fd00:ec2::254/128", AddressClass.Platform),      // AWS metadata
        Row("fd20:ce::254/128", AddressClass.Platform),       // Google Cloud metadata
        Row("fc00::/7", AddressClass.Private),
        Row("fe80::/10", AddressClass.LinkLocal),
        Row("fec0::/10", AddressClass.Private),
        Row("ff00::/8", AddressClass.Multicast),
        Row("2001:2::/48", AddressClass.Benchmark),
        Row("2001:db8::/32", AddressClass.Documentation),
        Row("3fff::/20", AddressClass.Documentation),         // RFC 9637
        Row("2001::/23", AddressClass.Reserved),              // IETF protocol assignments
        Row("2000::/3", AddressClass.Public),
        Row("::/0", AddressClass.Reserved),                   // outside global unicast: discard-only, SRv6, local NAT64, unassigned
    ];

    private static readonly IPNetwork Translated = IPNetwork.Parse("::ffff:0:0:0/96"); // RFC 2765
    private static readonly IPNetwork Compatible = IPNetwork.Parse("::/96");           // RFC 4291 §2.5.5.1
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");         // RFC 6052
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");        // RFC 3056
    private static readonly IPNetwork Teredo = IPNetwork.Parse("2001::/32");           // RFC 4380

    public AddressRules(EgressSettings settings)
        : this(settings.AllowLoopback, settings.AllowedNetworks)
    {
    }

    public bool Allows(IPAddress address)
    {
        if (Unwrap(address) is not { } carried)
        {
            return AllowsPlain(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
        }

        return AllowsPlain(carried.First) && (carried.Second is not { } second || AllowsPlain(second));
    }

    /// <summary>
    /// Whether a URL may lead to a place that the operator opened, where plain HTTP is common: a literal address that is not public and is
    /// allowed, or a name when anything is open at all, since only the look-up of a call tells where a name leads.
    /// </summary>
    public bool MayBeInside(Uri url) => IPAddress.TryParse(url.IdnHost, out var address)
        ? Classify(address) is not AddressClass.Public && Allows(address)
        : allowLoopback || allowed.Count > 0;

    /// <summary>The class of an address; of one that carries others, the class of the first of them that is not public.</summary>
    public static AddressClass Classify(IPAddress address)
    {
        if (Unwrap(address) is not { } carried)
        {
            return ClassifyPlain(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
        }

        var first = ClassifyPlain(carried.First);
        return first is AddressClass.Public && carried.Second is { } second ? ClassifyPlain(second) : first;
    }

    /// <summary>Whether opening the network would open nothing, because all of it is closed for good.</summary>
    public static bool NeverOpens(IPNetwork network)
    {
        foreach (var row in Table)
        {
            if (row.Network.PrefixLength <= network.PrefixLength && row.Network.Contains(network.BaseAddress))
            {
                return IsClosedForGood(row.Class);
            }
        }

        return false;
    }

    private bool AllowsPlain(IPAddress address)
    {
        var kind = ClassifyPlain(address);
        if (kind is AddressClass.Public || (kind is AddressClass.Loopback && allowLoopback))
        {
            return true;
        }

        if (IsClosedForGood(kind))
        {
            return false;
        }

        foreach (var network in allowed)
        {
            if (network.Contains(address))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>No setting opens these: they are the platform's credentials, or no host's address at all.</summary>
    private static bool IsClosedForGood(AddressClass kind) => kind is
        AddressClass.LinkLocal or AddressClass.Platform or AddressClass.Unspecified or AddressClass.Multicast or AddressClass.Broadcast;

    private static AddressClass ClassifyPlain(IPAddress address)
    {
        foreach (var row in Table)
        {
            if (row.Network.Contains(address))
            {
                return row.Class;
            }
        }

        return AddressClass.Public;
    }

    private static (IPAddress First, IPAddress? Second)? Unwrap(IPAddress address)
    {
        if (address.AddressFamily is not AddressFamily.InterNetworkV6 || address.IsIPv4MappedToIPv6)
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        if (Compatible.Contains(address))
        {
            // :: and ::1 are no IPv4 addresses, whatever their shape.
            return BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]) <= 1 ? null : (new(bytes[12..]), null);
        }

        if (Translated.Contains(address) || Nat64.Contains(address))
        {
            return (new(bytes[12..]), null);
        }

        if (SixToFour.Contains(address))
        {
            return (new(bytes[2..6]), null);
        }

        if (Teredo.Contains(address))
        {
            // RFC 4380 §4: the server in the clear, the client with every bit turned.
            var client = ~BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]);
            BinaryPrimitives.WriteUInt32BigEndian(bytes[12..], client);
            return (new(bytes[4..8]), new(bytes[12..]));
        }

        // ISATAP, RFC 5214 §6.1: any prefix, interface identifier [02]00:5efe:a.b.c.d. The prefix is judged as well.
        return (BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]) & 0xFDFF_FFFF) == 0x0000_5EFE ? (new(bytes[12..]), address) : null;
    }

    private static (IPNetwork Network, AddressClass Class) Row(string network, AddressClass kind) => (IPNetwork.Parse(network), kind);
}
