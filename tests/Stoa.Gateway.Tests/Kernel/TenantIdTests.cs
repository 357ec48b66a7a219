using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Tests.Kernel;

public sealed class TenantIdTests
{
    [Theory]
    [InlineData("acme")]
    [InlineData("a-b")]
    [InlineData("0a1")]
    [InlineData("123")]
    [InlineData("a-b-c-d-e")]
    [InlineData("abcdefghijabcdefghijabcdefghijabcdefghij")]
    public void A_slug_is_taken_as_it_is(string slug)
    {
        Assert.True(TenantId.TryParse(slug, out var id));
        Assert.Equal(slug, id.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("ab")]
    [InlineData("abcdefghijabcdefghijabcdefghijabcdefghijk")]
    [InlineData("Acme")]
    [InlineData("-acme")]
    [InlineData("acme-")]
    [InlineData("ac--me")]
    [InlineData("ac.me")]
    [InlineData("ac me")]
    [InlineData("acme\n")]
    [InlineData("ac/me")]
    [InlineData("acmé")]
    [InlineData("acme\u0661")]
    [InlineData("\uff41cme")]
    public void Anything_else_is_not(string text)
    {
        Assert.False(TenantId.TryParse(text, out var id));
        Assert.Equal(default, id);
    }

    [Fact]
    public void Equal_slugs_are_equal_ids()
    {
        Assert.True(TenantId.TryParse("acme", out var one));
        Assert.True(TenantId.TryParse("xacmex".AsSpan(1, 4), out var other));

        Assert.Equal(one, other);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
    }

    [Fact]
    public void A_default_id_does_not_pass_for_a_tenant() => Assert.Throws<InvalidOperationException>(() => default(TenantId).ToString());

    [Fact]
    public void No_id_followed_by_two_hyphens_is_the_beginning_of_another()
    {
        // What keeps "acme--..." in a shared vault or table apart from every other tenant's names.
        var random = new Random(20260101);
        var slugs = Enumerable.Range(0, 20_000)
            .Select(_ => string.Concat(Enumerable.Range(0, random.Next(3, 9)).Select(_ => "ab-"[random.Next(3)])))
            .Where(text => TenantId.TryParse(text, out var _))
            .ToHashSet();

        Assert.InRange(slugs.Count, 500, 20_000);
        Assert.All(slugs, slug => Assert.DoesNotContain(slugs, other => other.StartsWith(slug + "-", StringComparison.Ordinal) && other[slug.Length + 1] == '-'));
    }
}
