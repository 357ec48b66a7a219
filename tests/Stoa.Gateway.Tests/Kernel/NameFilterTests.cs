using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Tests.Kernel;

public sealed class NameFilterTests
{
    [Theory]
    [InlineData("crm_find", true)]
    [InlineData("crm_", true)]
    [InlineData("CRM_find", false)]
    [InlineData("hello", true)]
    [InlineData("hello2", false)]
    [InlineData("hell", false)]
    [InlineData("", false)]
    public void Names_match_whole_and_prefixes_by_their_beginning(string tool, bool allowed) =>
        Assert.Equal(allowed, NameFilter.Of(["crm_*", "hello"]).Allows(tool));

    [Fact]
    public void Nothing_said_is_everything_and_an_empty_list_is_nothing()
    {
        Assert.Same(NameFilter.All, NameFilter.Of(null));
        Assert.True(NameFilter.All.Allows("anything"));
        Assert.True(NameFilter.Of(["*"]).Allows("anything"));
        Assert.False(NameFilter.Of([]).Allows("anything"));
    }

    [Fact]
    public void Filters_together_let_through_what_each_of_them_does()
    {
        string[] patterns = ["a", "ab", "b", "a*", "ab*", "b*", "*"];
        string[] tools = ["a", "ab", "abc", "b", "ba"];
        var random = new Random(20260101);
        for (var i = 0; i < 5_000; i++)
        {
            var filters = Enumerable.Range(0, random.Next(1, 5))
                .Select(_ => random.Next(5) == 0 ? NameFilter.All : NameFilter.Of(random.GetItems(patterns, random.Next(3))))
                .ToArray();
            var split = random.Next(filters.Length);
            var together = All(filters[..split]).And(All(filters[split..]));

            Assert.All(tools, tool => Assert.Equal(filters.All(f => f.Allows(tool)), together.Allows(tool)));
        }

        static NameFilter All(NameFilter[] filters) => filters.Aggregate(NameFilter.All, (all, next) => all.And(next));
    }
}
