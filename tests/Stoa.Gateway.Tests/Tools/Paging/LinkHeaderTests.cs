using Stoa.Gateway.Tools.Paging;

namespace Stoa.Gateway.Tests.Tools.Paging;

public sealed class LinkHeaderTests
{
    [Theory]
    [InlineData("</p?page=2>; rel=\"next\"", "/p?page=2")]
    [InlineData("</p?page=2>; rel=next", "/p?page=2")]
    [InlineData("</p?page=2>;REL=\"NEXT\"", "/p?page=2")]
    [InlineData("<a>; rel=prev, <b>; rel=next", "b")]
    [InlineData("<a>; rel=\"first\",<b>;rel=\"last\" , <c> ; rel = \"next\"", "c")]
    [InlineData("<a,b;c>; rel=\"next\"", "a,b;c")]
    [InlineData("<a>; rel=\"prev next\"", "a")]
    [InlineData("<a>; title=\"x, <evil>; rel=next\"; rel=prev, <b>; rel=next", "b")]
    [InlineData("<a>; title=\"quo\\\"te; rel=next\"; rel=last", null)]
    [InlineData("<a>; rel=next; rel=prev", "a")]
    [InlineData("<a>; rel=prev; rel=next", null)]
    [InlineData("<a>; rel=next; anchor=\"/other\"", null)]
    [InlineData("<a>; rel=\"nextish\"", null)]
    [InlineData("<a>", null)]
    [InlineData("<a; rel=next", null)]
    [InlineData("<a>; rel=\"next", null)]
    [InlineData("<>; rel=next", "")]
    [InlineData("garbage", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Only_the_relation_next_counts(string? header, string? target)
    {
        Assert.Equal(target, LinkHeader.Next(header));
    }

    [Theory]
    [InlineData("/items?page=2", "https://api.example/items?page=2")]
    [InlineData("?page=2", "https://api.example/v1/items?page=2")]
    [InlineData("items?page=2&appid=echoed", "https://api.example/v1/items?page=2")]
    [InlineData("https://api.example:443/items?APPID=x&page=2#top", "https://api.example/items?page=2")]
    [InlineData("//api.example/x", "https://api.example/x")]
    [InlineData("", "https://api.example/v1/items?a=1")]
    [InlineData("http://api.example/items", null)]
    [InlineData("https://api.example:8443/items", null)]
    [InlineData("https://api.example.evil/items", null)]
    [InlineData("https://user:pw@api.example/items", null)]
    [InlineData("//evil.example/x", null)]
    [InlineData("/\\evil.example/x", null)]
    [InlineData("javascript:alert(1)", null)]
    [InlineData("/a b", null)]
    [InlineData("/ü", null)]
    public void A_link_stays_at_its_own_origin_and_carries_no_credential(string target, string? expected)
    {
        var next = PageLink.Resolve(new Uri("https://api.example/v1/items?a=1&appid=s3cr3t"), target, "appid");

        Assert.Equal(expected, next?.OriginalString);
    }
}
