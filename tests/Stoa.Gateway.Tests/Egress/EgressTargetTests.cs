using Stoa.Gateway.Egress;

namespace Stoa.Gateway.Tests.Egress;

public sealed class EgressTargetTests
{
    private static readonly AddressRules Closed = new(allowLoopback: false, allowed: []);

    [Theory]
    [InlineData("https://api.example.com/v1?q=1")]
    [InlineData("http://api.example.com")]
    [InlineData("https://api.example.com:8443/")]
    [InlineData("https://bücher.example/")]
    [InlineData("https://[2606:4700::1111]/")]
    [InlineData("https://1.1.1.1/")]
    public void Ordinary_urls_pass(string url)
    {
        Assert.True(EgressTarget.TryCheck(new Uri(url), Closed, out var reason));
        Assert.Null(reason);
    }

    [Theory]
    [InlineData("/relative", "absolute")]
    [InlineData("ftp://files.example.com/", "scheme")]
    [InlineData("file:///etc/passwd", "scheme")]
    [InlineData("gopher://x.example:70/", "scheme")]
    [InlineData("unix:///var/run/docker.sock", "scheme")]
    [InlineData("https://user:pass@api.example.com/", "user name")]
    [InlineData("https://api.example.com@10.0.0.1/", "user name")]
    [InlineData("http://api.example.com:22/", "port")]
    [InlineData("http://api.example.com:25/", "port")]
    [InlineData("http://api.example.com:445/", "port")]
    [InlineData("http://api.example.com:0/", "port")]
    [InlineData("http://api.example.com:2375/", "port")]
    [InlineData("http://api.example.com:3306/", "port")]
    [InlineData("http://api.example.com:5432/", "port")]
    [InlineData("http://api.example.com:6379/", "port")]
    public void Urls_that_no_tool_may_have_are_refused_with_the_reason(string url, string word)
    {
        Assert.False(EgressTarget.TryCheck(new Uri(url, UriKind.RelativeOrAbsolute), out var reason));
        Assert.Contains(word, reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_host_longer_than_the_name_system_allows_is_refused()
    {
        var host = string.Join('.', Enumerable.Repeat(new string('a', 60), 5));

        Assert.False(EgressTarget.TryCheck(new Uri($"https://{host}/"), out _));
    }

    [Theory]
    [InlineData("http://xn--/")]
    [InlineData("http://xn--a-ecp.example/")]
    [InlineData("http://😀.example/")]
    [InlineData("http://①②⑦.0.0.1/")]
    [InlineData("http://a..b/")]
    [InlineData("http://.a/")]
    [InlineData("http://-a-/")]
    [InlineData("http://a_b/")]
    [InlineData("http://a\u0301\u2024b/")]
    [InlineData("http://\u200d/")]
    [InlineData("http://%31%32%37.0.0.1/")]
    [InlineData("http://[::1]:99999/")]
    [InlineData("http:///path")]
    public void No_host_however_odd_makes_the_check_throw(string url)
    {
        if (Uri.TryCreate(url, UriKind.Absolute, out var uri))
        {
            Assert.Equal(EgressTarget.TryCheck(uri, Closed, out var reason), reason is null);
        }
    }

    [Theory]
    [InlineData("http://2130706433/")]
    [InlineData("http://0x7f.1/")]
    [InlineData("http://0x7f000001/")]
    [InlineData("http://0177.0.0.1/")]
    [InlineData("http://017700000001/")]
    [InlineData("http://127.1/")]
    [InlineData("http://127.0.0.1/")]
    [InlineData("http://[::1]/")]
    [InlineData("http://[::ffff:127.0.0.1]/")]
    [InlineData("http://[0:0:0:0:0:ffff:7f00:1]/")]
    [InlineData("http://[64:ff9b::7f00:1]/")]
    [InlineData("http://2852039166/")]
    [InlineData("http://0xa9fea9fe/")]
    [InlineData("http://169.254.169.254/metadata/identity")]
    [InlineData("http://[fe80::1%25eth0]/")]
    [InlineData("http://0/")]
    public void Literal_addresses_are_judged_in_every_notation(string url)
    {
        Assert.False(EgressTarget.TryCheck(new Uri(url), Closed, out var reason));
        Assert.Contains("address", reason, StringComparison.Ordinal);
    }
}
