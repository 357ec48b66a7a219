using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Tests.Kernel;

public sealed class RevisionTests
{
    private static readonly TenantId Acme = TenantId.TryParse("acme", out var id) ? id : default;

    [Fact]
    public void A_resource_is_found_by_kind_and_name_exactly()
    {
        var revision = new Revision(Acme, 3, "uid", [Resource("Tool", "hello"), Resource("Secret", "hello")]);

        Assert.Equal("Tool", revision.Find("Tool", "hello")!.Kind);
        Assert.Equal("Secret", revision.Find("Secret", "hello")!.Kind);
        Assert.Null(revision.Find("tool", "hello"));
        Assert.Null(revision.Find("Tool", "Hello"));
    }

    [Fact]
    public void Two_resources_of_one_name_are_a_fault() =>
        Assert.Throws<ArgumentException>(() => new Revision(Acme, 1, "uid", [Resource("Tool", "hello"), Resource("Tool", "hello")]));

    [Fact]
    public void A_view_is_built_when_first_asked_for_and_kept()
    {
        var built = 0;
        var view = new RevisionView<string>(revision =>
        {
            built++;
            return $"revision {revision.Number}";
        });
        var (first, second) = (new Revision(Acme, 1, "uid", []), new Revision(Acme, 2, "uid", []));

        Assert.Equal(0, built);
        Assert.Same(first.View(view), first.View(view));
        Assert.Equal("revision 2", second.View(view));
        Assert.Equal(2, built);
    }

    [Fact]
    public void Views_of_one_type_do_not_mix()
    {
        var revision = new Revision(Acme, 1, "uid", []);

        Assert.Equal(("one", "two"), (revision.View(new RevisionView<string>(_ => "one")), revision.View(new RevisionView<string>(_ => "two"))));
    }

    [Fact]
    public void A_view_that_failed_is_tried_again()
    {
        var attempts = 0;
        var view = new RevisionView<string>(_ => ++attempts == 1 ? throw new InvalidDataException("first") : "second");
        var revision = new Revision(Acme, 1, "uid", []);

        Assert.Throws<InvalidDataException>(() => revision.View(view));
        Assert.Equal("second", revision.View(view));
    }

    [Fact]
    public async Task Callers_at_once_see_one_and_the_same_view()
    {
        var view = new RevisionView<object>(_ => new object());
        for (var round = 0; round < 200; round++)
        {
            var revision = new Revision(Acme, round, "uid", []);
            using var start = new Barrier(4);
            var seen = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
            {
                start.SignalAndWait();
                return revision.View(view);
            })));

            Assert.All(seen, one => Assert.Same(seen[0], one));
        }
    }

    private static Resource Resource(string kind, string name) => new(kind, name, "uid", "version", default, default, "{}"u8.ToArray());
}
