using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Tests.Kernel;

public sealed class ScopesTests
{
    [Fact]
    public void Each_scope_contains_the_ones_before_it()
    {
        Assert.True(Scopes.Admin.HasFlag(Scopes.Write));
        Assert.True(Scopes.Write.HasFlag(Scopes.Read));
        Assert.False(Scopes.Read.HasFlag(Scopes.Write));
        Assert.False(Scopes.Write.HasFlag(Scopes.Admin));
    }

    [Theory]
    [InlineData(Scopes.None)]
    [InlineData(Scopes.Read, "stoa:read")]
    [InlineData(Scopes.Write, "stoa:write")]
    [InlineData(Scopes.Admin, "stoa:read", "stoa:admin")]
    [InlineData(Scopes.Read, "stoa:read", "stoa:everything", "STOA:ADMIN", "stoa:admin ", "")]
    public void Names_are_read_exactly_and_unknown_ones_grant_nothing(Scopes expected, params string[] names) => Assert.Equal(expected, ScopeNames.Parse(names));

    [Theory]
    [InlineData(Scopes.None, "")]
    [InlineData(Scopes.Read, "stoa:read")]
    [InlineData(Scopes.Write, "stoa:write")]
    [InlineData(Scopes.Admin, "stoa:admin")]
    public void A_scope_is_named_by_its_widest(Scopes scopes, string name) => Assert.Equal(name, ScopeNames.NameOf(scopes));

    [Fact]
    public void What_two_grants_have_in_common_is_the_narrower() => Assert.Equal(Scopes.Read, Scopes.Admin & Scopes.Read);

    [Theory]
    [InlineData(Scopes.Write, Scopes.Read, true)]
    [InlineData(Scopes.Write, Scopes.Write, true)]
    [InlineData(Scopes.Write, Scopes.Admin, false)]
    [InlineData(Scopes.None, Scopes.Read, false)]
    [InlineData(Scopes.None, Scopes.None, true)]
    public void A_caller_has_a_scope_when_it_has_all_of_it(Scopes granted, Scopes asked, bool has)
    {
        var caller = new Caller { Revision = null, Name = "app", CredentialId = "key_1", AuthMethod = "api_key", Scopes = granted, Role = Role.None, Tools = NameFilter.All };

        Assert.Equal(has, caller.Has(asked));
    }
}
