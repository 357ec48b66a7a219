using System.Text;
using Stoa.Gateway.Config;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Tests.Config;

public sealed class RollbackTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly ConfigBench _bench = new();

    [Fact]
    public async Task Rollback_restores_the_old_content_under_a_new_number()
    {
        await _bench.CommitAsync(ConfigBench.Resource("Tool", "a", """{"v":1}"""), ConfigBench.Resource("Tool", "gone"));
        await _bench.First.Config.CommitAsync(
            ConfigBench.Acme,
            _ => new ChangeSet("break", [ConfigBench.Resource("Tool", "a", """{"v":2}"""), ConfigBench.Resource("Tool", "new")], [("Tool", "gone")]),
            "ann",
            None);
        _bench.Time.Advance(TimeSpan.FromMinutes(1));

        var restored = await _bench.First.Config.RollbackAsync(ConfigBench.Acme, 1, "bob", None);

        Assert.Equal(3, restored!.Number);
        Assert.Equal(["a", "gone"], restored.Resources.Select(r => r.Name));
        Assert.Equal("""{"v":1}""", Spec(restored, "Tool", "a"));
        Assert.Equal(_bench.Time.GetUtcNow(), restored.Find("Tool", "a")!.UpdatedAt);
        Assert.Equal(["a", "gone"], (await _bench.Join().GetAsync())!.Resources.Select(r => r.Name));
        var entry = (await _bench.First.Config.HistoryAsync(ConfigBench.Acme, null, 1, None))[0];
        Assert.Equal((3, 1, "bob"), (entry.Number, entry.RolledBackTo, entry.By));
    }

    [Theory]
    [InlineData("Tenant", "acme", """{"allowedOrigins":["https://old.example"],"suspended":false}""", """{"allowedOrigins":[],"suspended":true}""")]
    [InlineData("Consumer", "crm-app", """{"role":"tenant-admin","scopes":["stoa:admin"]}""", """{"role":"none","scopes":["stoa:read"],"tools":["a"]}""")]
    [InlineData("Consumer", "crm-app", """{"suspended":true}""", """{"suspended":false}""")]
    public async Task Who_may_do_what_stays_as_it_is_now(string kind, string name, string then, string now)
    {
        await _bench.CommitAsync(ConfigBench.Resource(kind, name, then), ConfigBench.Resource("Tool", "t", """{"v":1}"""));
        await _bench.CommitAsync(ConfigBench.Resource(kind, name, now), ConfigBench.Resource("Tool", "t", """{"v":2}"""));

        var restored = await _bench.First.Config.RollbackAsync(ConfigBench.Acme, 1, "bob", None);

        Assert.Equal(now, Spec(restored!, kind, name));
        Assert.Equal("""{"v":1}""", Spec(restored!, "Tool", "t"));
    }

    [Fact]
    public async Task A_consumer_who_is_gone_does_not_return_and_a_re_created_one_stays_the_new_one()
    {
        await _bench.CommitAsync(
            ConfigBench.Resource("Consumer", "left", uid: "l1"), ConfigBench.Resource("Consumer", "again", """{"v":1}""", uid: "a1"), ConfigBench.Resource("Tool", "t"));
        await _bench.First.Config.CommitAsync(
            ConfigBench.Acme,
            _ => new ChangeSet("x", [ConfigBench.Resource("Consumer", "again", """{"v":2}""", uid: "a2")], [("Consumer", "left"), ("Tool", "t")]),
            "ann",
            None);

        var restored = await _bench.First.Config.RollbackAsync(ConfigBench.Acme, 1, "bob", None);

        Assert.Null(restored!.Find("Consumer", "left"));
        Assert.Equal(("a2", """{"v":2}"""), (restored.Find("Consumer", "again")!.Uid, Spec(restored, "Consumer", "again")));
        Assert.NotNull(restored.Find("Tool", "t"));
    }

    [Fact]
    public async Task The_tenants_own_document_survives_a_rollback_to_before_it()
    {
        await _bench.CommitAsync(ConfigBench.Resource("Tool", "t"));
        await _bench.CommitAsync(ConfigBench.Resource("Tenant", "acme", """{"suspended":true}"""));

        var restored = await _bench.First.Config.RollbackAsync(ConfigBench.Acme, 1, "bob", None);

        Assert.Equal("""{"suspended":true}""", Spec(restored!, "Tenant", "acme"));
    }

    [Fact]
    public async Task Rolling_back_to_what_is_in_force_changes_nothing_and_to_what_never_was_is_refused()
    {
        await _bench.CommitAsync(ConfigBench.Resource("Tool", "t"));

        Assert.Equal(1, (await _bench.First.Config.RollbackAsync(ConfigBench.Acme, 1, "bob", None))!.Number);
        Assert.Null(await _bench.First.Config.RollbackAsync(ConfigBench.Acme, 7, "bob", None));
        Assert.Null(await _bench.First.Config.RollbackAsync(ConfigBench.Tenant("nobody"), 1, "bob", None));
        Assert.Equal(1, (await _bench.First.GetAsync())!.Number);
    }

    private static string Spec(Revision revision, string kind, string name) => Encoding.UTF8.GetString(revision.Find(kind, name)!.Spec.Span);
}
