using System.Net;
using Stoa.Gateway.Egress;

namespace Stoa.Gateway.Tests.Egress;

public sealed class AddressRulesTests
{
    private static readonly AddressRules Closed = new(allowLoopback: false, allowed: []);
    private static readonly AddressRules WideOpen = new(allowLoopback: true, [IPNetwork.Parse("0.0.0.0/0"), IPNetwork.Parse("::/0")]);

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("9.255.255.255")]
    [InlineData("11.0.0.0")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("126.255.255.255")]
    [InlineData("128.0.0.0")]
    [InlineData("168.63.129.15")]
    [InlineData("168.63.129.17")]
    [InlineData("169.253.255.255")]
    [InlineData("169.255.0.0")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("192.0.1.0")]
    [InlineData("192.167.255.255")]
    [InlineData("192.169.0.0")]
    [InlineData("198.17.255.255")]
    [InlineData("198.20.0.0")]
    [InlineData("223.255.255.255")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("2a00:1450:4001::1")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("::ffff:0:8.8.8.8")]
    [InlineData("::8.8.8.8")]
    [InlineData("64:ff9b::8.8.8.8")]
    [InlineData("2002:808:808::1")]
    [InlineData("2001:0:808:808:0:0:f7f7:f7f7")]
    [InlineData("2606:4700::5efe:808:808")]
    public void Public_addresses_are_open(string address)
    {
        Assert.Equal(nameof(AddressClass.Public), AddressRules.Classify(IPAddress.Parse(address)).ToString());
        Assert.True(Closed.Allows(IPAddress.Parse(address)));
    }

    [Theory]
    [InlineData("10.0.0.0", nameof(AddressClass.Private))]
    [InlineData("10.255.255.255", nameof(AddressClass.Private))]
    [InlineData("172.16.0.0", nameof(AddressClass.Private))]
    [InlineData("172.31.255.255", nameof(AddressClass.Private))]
    [InlineData("192.168.0.1", nameof(AddressClass.Private))]
    [InlineData("100.64.0.0", nameof(AddressClass.SharedNat))]
    [InlineData("100.127.255.255", nameof(AddressClass.SharedNat))]
    [InlineData("127.0.0.1", nameof(AddressClass.Loopback))]
    [InlineData("127.255.255.254", nameof(AddressClass.Loopback))]
    [InlineData("192.0.0.1", nameof(AddressClass.Reserved))]
    [InlineData("192.0.2.1", nameof(AddressClass.Documentation))]
    [InlineData("192.88.99.1", nameof(AddressClass.Reserved))]
    [InlineData("198.18.0.1", nameof(AddressClass.Benchmark))]
    [InlineData("198.19.255.255", nameof(AddressClass.Benchmark))]
    [InlineData("198.51.100.7", nameof(AddressClass.Documentation))]
    [InlineData("203.0.113.7", nameof(AddressClass.Documentation))]
    [InlineData("240.0.0.1", nameof(AddressClass.Reserved))]
    [InlineData("::1", nameof(AddressClass.Loopback))]
    [InlineData("fc00::1", nameof(AddressClass.Private))]
    [InlineData("fdff::1", nameof(AddressClass.Private))]
    [InlineData("fec0::1", nameof(AddressClass.Private))]
    [InlineData("2001:db8::1", nameof(AddressClass.Documentation))]
    [InlineData("3fff:fff::1", nameof(AddressClass.Documentation))]
    [InlineData("2001:2::1", nameof(AddressClass.Benchmark))]
    [InlineData("2001:10::1", nameof(AddressClass.Reserved))]
    [InlineData("100::1", nameof(AddressClass.Reserved))]
    [InlineData("64:ff9b:1::1", nameof(AddressClass.Reserved))]
    [InlineData("5f00::1", nameof(AddressClass.Reserved))]
    [InlineData("4000::1", nameof(AddressClass.Reserved))]
    [InlineData("::ffff:10.0.0.1", nameof(AddressClass.Private))]
    [InlineData("::ffff:127.0.0.1", nameof(AddressClass.Loopback))]
    [InlineData("::ffff:0:10.0.0.1", nameof(AddressClass.Private))]
    [InlineData("::10.0.0.1", nameof(AddressClass.Private))]
    [InlineData("64:ff9b::10.0.0.1", nameof(AddressClass.Private))]
    [InlineData("2002:a00:1::", nameof(AddressClass.Private))]
    [InlineData("2002:7f00:1::", nameof(AddressClass.Loopback))]
    [InlineData("2001:0:a00:1:0:0:f7f7:f7f7", nameof(AddressClass.Private))]
    [InlineData("2001:0:808:808:0:0:80ff:fffe", nameof(AddressClass.Loopback))]
    [InlineData("2606:4700::5efe:a00:1", nameof(AddressClass.Private))]
    [InlineData("fd00::200:5efe:808:808", nameof(AddressClass.Private))]
    public void Addresses_that_lead_inward_or_nowhere_are_closed_until_the_operator_opens_them(string address, string kind)
    {
        Assert.Equal(kind, AddressRules.Classify(IPAddress.Parse(address)).ToString());
        Assert.False(Closed.Allows(IPAddress.Parse(address)));
        Assert.True(WideOpen.Allows(IPAddress.Parse(address)));
    }

    [Theory]
    [InlineData("169.254.169.254", nameof(AddressClass.LinkLocal))]
    [InlineData("169.254.0.0", nameof(AddressClass.LinkLocal))]
    [InlineData("169.254.255.255", nameof(AddressClass.LinkLocal))]
    [InlineData("168.63.129.16", nameof(AddressClass.Platform))]
    [InlineData("100.100.100.200", nameof(AddressClass.Platform))]
    [InlineData("192.0.0.192", nameof(AddressClass.Platform))]
    [InlineData("fd00:ec2::254", nameof(AddressClass.Platform))]
    [InlineData("fd20:ce::254", nameof(AddressClass.Platform))]
    [InlineData("fe80::1", nameof(AddressClass.LinkLocal))]
    [InlineData("febf::1%3", nameof(AddressClass.LinkLocal))]
    [InlineData("0.0.0.0", nameof(AddressClass.Unspecified))]
    [InlineData("0.255.255.255", nameof(AddressClass.Unspecified))]
    [InlineData("::", nameof(AddressClass.Unspecified))]
    [InlineData("224.0.0.1", nameof(AddressClass.Multicast))]
    [InlineData("239.255.255.255", nameof(AddressClass.Multicast))]
    [InlineData("255.255.255.255", nameof(AddressClass.Broadcast))]
    [InlineData("ff02::1", nameof(AddressClass.Multicast))]
    [InlineData("::ffff:169.254.169.254", nameof(AddressClass.LinkLocal))]
    [InlineData("::ffff:0:169.254.169.254", nameof(AddressClass.LinkLocal))]
    [InlineData("::169.254.169.254", nameof(AddressClass.LinkLocal))]
    [InlineData("64:ff9b::169.254.169.254", nameof(AddressClass.LinkLocal))]
    [InlineData("64:ff9b::168.63.129.16", nameof(AddressClass.Platform))]
    [InlineData("2002:a9fe:a9fe::", nameof(AddressClass.LinkLocal))]
    [InlineData("2001:0:808:808:0:0:5601:5601", nameof(AddressClass.LinkLocal))]
    [InlineData("2606:4700::5efe:a9fe:a9fe", nameof(AddressClass.LinkLocal))]
    [InlineData("fe80::5efe:808:808", nameof(AddressClass.LinkLocal))]
    public void The_platforms_own_addresses_stay_closed_whatever_the_operator_opens(string address, string kind)
    {
        Assert.Equal(kind, AddressRules.Classify(IPAddress.Parse(address)).ToString());
        Assert.False(Closed.Allows(IPAddress.Parse(address)));
        Assert.False(WideOpen.Allows(IPAddress.Parse(address)));
    }

    [Fact]
    public void Opening_a_network_opens_that_network_only()
    {
        var rules = new AddressRules(allowLoopback: false, [IPNetwork.Parse("10.1.0.0/16"), IPNetwork.Parse("fd12::/16")]);

        Assert.True(rules.Allows(IPAddress.Parse("10.1.2.3")));
        Assert.True(rules.Allows(IPAddress.Parse("::ffff:10.1.2.3")));
        Assert.True(rules.Allows(IPAddress.Parse("fd12::3")));
        Assert.False(rules.Allows(IPAddress.Parse("10.2.0.0")));
        Assert.False(rules.Allows(IPAddress.Parse("127.0.0.1")));
    }

    [Fact]
    public void Opening_loopback_opens_nothing_else()
    {
        var rules = new AddressRules(allowLoopback: true, allowed: []);

        Assert.True(rules.Allows(IPAddress.Loopback));
        Assert.True(rules.Allows(IPAddress.IPv6Loopback));
        Assert.False(rules.Allows(IPAddress.Parse("10.0.0.1")));
        Assert.False(rules.Allows(IPAddress.Any));
    }

    [Fact]
    public void Settings_that_would_open_the_platform_or_have_no_bound_are_told_together()
    {
        var settings = new EgressSettings
        {
            AllowedNetworks = [IPNetwork.Parse("169.254.169.254/32"), IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("168.63.129.16/32")],
            MaxResponseBytes = EgressSettings.HardMaxBytes + 1,
            ConnectTimeout = TimeSpan.Zero,
        };

        Assert.Equal(4, settings.Problems().Count());
        Assert.Empty(new EgressSettings().Problems());
    }
}
