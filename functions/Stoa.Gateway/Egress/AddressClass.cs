namespace Stoa.Gateway.Egress;

/// <summary>What kind of place an IP address is, after the special-purpose registries of IANA (RFC 6890).</summary>
internal enum AddressClass
{
    /// <summary>Globally reachable unicast.</summary>
    Public,
    Loopback,

    /// <summary>RFC 1918, RFC 4193 (fc00::/7) and site-local fec0::/10.</summary>
    Private,

    /// <summary>Carrier-grade NAT, 100.64.0.0/10 (RFC 6598).</summary>
    SharedNat,

    /// <summary>169.254.0.0/16 and fe80::/10, where every cloud keeps its metadata and identity endpoints.</summary>
    LinkLocal,

    /// <summary>Azure's wire server and the metadata endpoints of other clouds outside link-local.</summary>
    Platform,

    /// <summary>0.0.0.0/8 and ::, which Linux connects to itself.</summary>
    Unspecified,
    Multicast,
    Broadcast,
    Documentation,
    Benchmark,
    Reserved,
}
